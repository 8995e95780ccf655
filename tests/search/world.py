"""A small site on which every change that the index must follow can be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kb.poles.models import EmploymentZone, Pole
from kb.vocabulary.models import Tag, Term
from search.models import SearchChange
from tests.items import make_item
from tests.people import make_pole


@dataclass
class World:
    """Two pôles with a sheet each, a resource and a training; terms, of which one replaced another, and a tag."""

    pole: Pole
    other_pole: Pole
    zone: EmploymentZone
    tag: Tag
    term: Term
    old_term: Term
    lone_term: Term
    resource: Any
    training: Any
    sheet: Any
    other_sheet: Any
    before: dict[str, Any] = field(default_factory=dict)

    def fresh(self, name: str) -> Any:
        """What the database says of one of them now."""
        held = getattr(self, name)
        return type(held).objects.get(pk=held.pk)


def make_world() -> World:
    """The resource bears today's term and the tag; the training the term that was replaced. The outbox is empty."""
    pole, other_pole = make_pole("Pôle du nord", "nord"), make_pole("Pôle du sud", "sud")
    # Slugs of their own: the site's vocabularies may be loaded beside them.
    term = Term.objects.create(facet="audience", slug="mot-neuf", label="Directeur délégué")
    old_term = Term.objects.create(
        facet="audience", slug="mot-ancien", label="Chef de travaux", replaced_by=term
    )
    lone_term = Term.objects.create(facet="audience", slug="mot-seul", label="Animateur du pôle")
    world = World(
        pole=pole,
        other_pole=other_pole,
        zone=EmploymentZone.objects.get(slug="zone-nord"),
        tag=Tag.objects.create(name="Égalité filles-garçons"),
        term=term,
        old_term=old_term,
        lone_term=lone_term,
        resource=make_item(
            "teaching", "Préparer un entretien", terms=[term], tags=("égalité filles-garçons",)
        ),
        training=make_item("training", "Accueillir un jeune", terms=[old_term]),
        sheet=make_item("practice", "Le gîte des stagiaires", pole=pole, terms=[lone_term]),
        other_sheet=make_item("practice", "Le relevé du vendredi", pole=other_pole),
    )
    SearchChange.objects.all().delete()
    return world
