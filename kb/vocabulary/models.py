"""Terms of the closed vocabularies (the facets) and free tags.

A term is never deleted once used: it ends (`valid_until`) and may name its successor. What was marked with it stays
findable under the successor's name.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from taggit.models import TagBase
from wagtail.models import Revision

from kb.core.folding import fold

slug_validator = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    "Le code s’écrit en minuscules sans accent, avec des traits d’union : « stage-initiation ».",
)


class Facet(models.TextChoices):
    """The closed vocabularies; the values are the parameters of the search page and the API."""

    PUBLIC = "public", "Public"
    PERIODE = "periode", "Type de période"
    PHASE = "phase", "Phase"
    PROBLEMATIQUE = "problematique", "Problématique"
    AXE = "axe", "Axe"
    AUDIENCE = "audience", "Pour qui"
    TYPE = "type", "Type de document"
    FILIERE = "filiere", "Filière"


class TermQuerySet(models.QuerySet["Term"]):
    def valid_on(self, day: datetime.date | None = None) -> TermQuerySet:
        """Terms that may be chosen on `day` (today by default)."""
        day = day or timezone.localdate()
        return self.filter(
            models.Q(valid_from=None) | models.Q(valid_from__lte=day),
            models.Q(valid_until=None) | models.Q(valid_until__gte=day),
        )


class Term(models.Model):
    """One value of a closed vocabulary."""

    facet = models.CharField("vocabulaire", max_length=20, choices=Facet)
    slug = models.CharField(
        "code", max_length=60, validators=[slug_validator], help_text="Ne change plus une fois donné."
    )
    label = models.CharField("libellé", max_length=200)
    position = models.PositiveSmallIntegerField("rang", default=0)
    concept_uri = models.URLField("URI du concept", blank=True, help_text="Concept ScoLOMFR, s’il existe.")
    valid_from = models.DateField("valable à partir du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="remplacé par",
    )

    objects: ClassVar[models.Manager[Term]] = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "terme"
        verbose_name_plural = "termes"
        ordering = ("facet", "position", "slug")
        constraints = (models.UniqueConstraint(fields=("facet", "slug"), name="term_once_a_facet"),)

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError(
                {"valid_until": "La fin de validité précède le début : corrigez l’une des deux dates."}
            )
        if self.pk:
            stored = Term.objects.filter(pk=self.pk).first()
            if stored and (stored.slug, stored.facet) != (self.slug, self.facet):
                raise ValidationError(
                    "Le code et le vocabulaire d’un terme ne changent plus : créez un autre terme et indiquez-le "
                    "dans « remplacé par »."
                )
        successor, seen = self.replaced_by, {self.pk}
        if successor and successor.facet != self.facet:
            raise ValidationError({"replaced_by": "Le successeur doit appartenir au même vocabulaire."})
        while successor:
            if successor.pk in seen:
                raise ValidationError(
                    {"replaced_by": "Ces termes se remplacent l’un l’autre : choisissez un autre successeur."}
                )
            seen.add(successor.pk)
            successor = successor.replaced_by

    @property
    def is_used(self) -> bool:
        """Does an item bear it, in any state or saved version, or another term lead to it?"""
        borne = any(
            link.related_model._base_manager.filter(**{link.field.name: self.pk}).exists()
            for link in self._meta.related_objects
        )
        # No list of numbers can be searched in the JSON of both databases: it is read, once in a while.
        versions = Revision.objects.page_revisions().values_list("content__terms", flat=True)
        return borne or any(self.pk in (terms or ()) for terms in versions.iterator())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_used:
            raise models.ProtectedError(
                "Un terme qui a servi ne se supprime pas : donnez-lui une fin.", {self}
            )
        return super().delete(*args, **kwargs)

    @property
    def current(self) -> Term:
        """The last successor: the word under which this term is found today."""
        term, seen = self, set()
        while term.replaced_by is not None and term.pk not in seen:
            seen.add(term.pk)
            term = term.replaced_by
        return term


def tag_slug(name: str) -> str:
    """The one spelling of a tag, as its slug; empty when nothing of it can be read."""
    return fold(name)[:100].strip("-")


_NO_LETTER = "Un mot-clé contient au moins une lettre ou un chiffre."


class TagQuerySet(models.QuerySet["Tag"]):
    """Finds a tag by its folded spelling, whichever way it was typed."""

    def get_or_create(self, defaults: Any = None, **kwargs: Any) -> tuple[Tag, bool]:
        # taggit asks by `name`; two spellings of one word are one tag, the first spelling stays.
        if name := kwargs.pop("name", None):
            kwargs["slug"] = tag_slug(name)
            if not kwargs["slug"]:
                raise ValidationError({"name": _NO_LETTER})
            defaults = {"name": " ".join(name.split()), **(defaults or {})}
            defaults["name"] = " ".join(defaults["name"].split())
        return super().get_or_create(defaults=defaults, **kwargs)


class Tag(TagBase):
    """A free tag; its slug is its folded spelling, unique."""

    free_tagging = True
    objects: ClassVar[models.Manager[Tag]] = TagQuerySet.as_manager()

    class Meta:
        verbose_name = "mot-clé"
        verbose_name_plural = "mots-clés"
        ordering = ("name",)

    def clean(self) -> None:
        super().clean()
        if not tag_slug(self.name):
            raise ValidationError({"name": _NO_LETTER})
        if Tag.objects.filter(slug=tag_slug(self.name)).exclude(pk=self.pk).exists():
            raise ValidationError({"name": "Ce mot-clé existe déjà, écrit autrement : utilisez celui-là."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = tag_slug(self.name)
        models.Model.save(self, *args, **kwargs)
