"""The facets of an answer as people see them: values with their names, their counts, and what was chosen.

The index holds codes only, so a renamed pôle has its new name here at once. The name of a free tag is told only when
the answer counts it: asking for the code of somebody's draft tag must not give its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from kb.poles.models import Department, Pole
from kb.vocabulary.models import Facet as Vocabulary
from kb.vocabulary.models import Tag, Term

from .eligibility import KINDS
from .facets import FACETS
from .request import SearchRequest
from .results import SearchResults

SHOWN_AT_ONCE = 6
SHOWN_AT_ALL = 30


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetChoices:
    """One facet: what may be chosen, largest count first, then what was chosen and finds nothing."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.chosen)

    @property
    def first(self) -> tuple[Choice, ...]:
        """What is shown at once: what was chosen, and the most frequent values."""
        return tuple(
            choice for rank, choice in enumerate(self.choices) if choice.chosen or rank < SHOWN_AT_ONCE
        )

    @property
    def rest(self) -> tuple[Choice, ...]:
        """The next values; a facet without end (free tags) ends here, search finds the others."""
        return tuple(choice for choice in self.choices[:SHOWN_AT_ALL] if choice not in self.first)


def kind_label(kind: str) -> str:
    return KINDS[kind].kind_label


def facet_choices(request: SearchRequest, results: SearchResults) -> tuple[FacetChoices, ...]:
    """Every facet, in the order of the screen. Three queries, whatever is asked."""
    names = _names(request, results)
    return tuple(
        FacetChoices(facet.name, facet.label, tuple(_choices(facet.name, request, results, names)))
        for facet in FACETS
    )


def _choices(
    facet: str, request: SearchRequest, results: SearchResults, names: dict[tuple[str, str], str]
) -> Iterable[Choice]:
    counts, chosen = results.facets.get(facet, {}), request.filters.get(facet, ())
    for value in [*counts, *(value for value in chosen if value not in counts)]:
        label = names.get((facet, value), value)
        yield Choice(value, label, counts.get(value, 0), chosen=value in chosen)


def _names(request: SearchRequest, results: SearchResults) -> dict[tuple[str, str], str]:
    """(facet, value) → name, of values that are counted or, where names are no secret, asked for."""
    asked = {
        facet.name: {*results.facets.get(facet.name, {}), *request.filters.get(facet.name, ())}
        for facet in FACETS
    }
    return value_names(asked, Tag.objects.filter(slug__in=results.facets.get("tag", {})))


def value_names(asked: Mapping[str, Collection[str]], tags: QuerySet[Tag]) -> dict[tuple[str, str], str]:
    """(facet, value) → name, of the values asked for and of `tags`: whose names may be told, the caller knows."""
    slugs = {slug for facet in Vocabulary for slug in asked.get(facet.value, ())}
    names = {(term.facet, term.slug): term.label for term in Term.objects.filter(slug__in=slugs)}
    names |= {("kind", model.kind): model.kind_label for model in KINDS.values()}
    names |= {("departement", code): str(label) for code, label in Department.choices}
    poles = Pole.objects.live().filter(slug__in=asked.get("pole", ())).values_list("slug", "title")
    names |= {("pole", slug): title for slug, title in poles}
    names |= {("tag", slug): name for slug, name in tags.values_list("slug", "name")}
    return names
