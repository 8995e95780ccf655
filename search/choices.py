"""The facets of an answer as people see them: values with their names, their counts, and what was chosen.

The index holds codes only, so a renamed pôle has its new name here at once. The name of a free tag is told only when
the answer counts it: asking for the code of somebody's draft tag must not give its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import QuerySet

from kb.poles.models import Department, Pole
from kb.vocabulary.models import Facet as Vocabulary
from kb.vocabulary.models import Tag, Term

from .facets import FACETS
from .index.eligibility import KINDS
from .request import SearchRequest
from .results import SearchResults

SHOWN_AT_ONCE = 6
SHOWN_AT_ALL = 30


@dataclass(frozen=True)
class Choice:
    """One value of a facet. `within`: value and label of what it belongs to in another facet (Facet.within)."""

    facet: str
    value: str
    label: str
    count: int
    chosen: bool
    within: tuple[str, str] | None = None


@dataclass(frozen=True)
class Branch:
    """A value of one facet with those of another that belong to it; without a value, those that belong to none."""

    choice: Choice | None
    under: tuple[Choice, ...]

    @property
    def can_be_chosen(self) -> bool:
        """Together with what is chosen already it would leave something, or it is chosen."""
        return self.choice is not None and bool(self.choice.count or self.choice.chosen)

    @property
    def is_open(self) -> bool:
        """Somebody is choosing here."""
        return any(choice and choice.chosen for choice in (self.choice, *self.under))


@dataclass(frozen=True)
class FacetChoices:
    """One facet: what may be chosen, largest count first, then what was chosen and finds nothing. `branches`: the same
    as a tree, when it holds another facet's values too."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    branches: tuple[Branch, ...] = ()

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
        first = set(self.first)
        return tuple(choice for choice in self.choices[:SHOWN_AT_ALL] if choice not in first)


def kind_label(kind: str) -> str:
    return KINDS[kind].kind_label


def within_sight(request: SearchRequest, results: SearchResults) -> SearchResults:
    """The same answer with as many free tags as a page shows: each would be named and laid out, thousands of them."""
    counts, chosen = results.facets.get("tag", {}), request.filters.get("tag", ())
    shown = dict(islice(counts.items(), SHOWN_AT_ALL)) | {tag: counts[tag] for tag in chosen if tag in counts}
    return replace(results, facets={**results.facets, "tag": shown})


def facet_choices(request: SearchRequest, results: SearchResults) -> tuple[FacetChoices, ...]:
    """Every facet, in the order of the screen. Three queries, whatever is asked."""
    names, places = _names(request, results)
    return tuple(
        FacetChoices(facet.name, facet.label, tuple(_choices(facet.name, request, results, names, places)))
        for facet in FACETS
    )


def as_trees(facets: Iterable[FacetChoices]) -> tuple[FacetChoices, ...]:
    """The facets as they stand on the screen: one that belongs within another is shown there."""
    named = {facet.name: facet for facet in facets}
    for facet in FACETS:
        if facet.within:
            upper, lower = named[facet.within], named.pop(facet.name)
            label = f"{upper.label} et {lower.label.lower()}"
            choices, branches = (*upper.choices, *lower.choices), tuple(_branches(upper, lower))
            named[facet.within] = FacetChoices(upper.name, label, choices, branches)
    return tuple(named.values())


def _branches(upper: FacetChoices, lower: FacetChoices) -> Iterable[Branch]:
    """First what can be chosen; then what cannot, for the sake of what can be chosen below it."""
    heads: dict[str, Choice] = {choice.value: choice for choice in upper.choices}
    under: dict[str, list[Choice]] = {}
    for choice in lower.choices:
        value, label = choice.within or ("", "")
        under.setdefault(value, []).append(choice)
        if value:
            heads.setdefault(value, Choice(upper.name, value, label, 0, chosen=False))
    for value, head in heads.items():
        yield Branch(head, tuple(under.get(value, ())))
    if "" in under:
        yield Branch(None, tuple(under[""]))


def _choices(
    facet: str,
    request: SearchRequest,
    results: SearchResults,
    names: dict[tuple[str, str], str],
    places: dict[str, str],
) -> Iterable[Choice]:
    counts, chosen = results.facets.get(facet, {}), request.filters.get(facet, ())
    for value in [*counts, *(value for value in chosen if value not in counts)]:
        label = names.get((facet, value), value)
        place = places.get(value) if facet == "pole" else None
        within = (place, names["departement", place]) if place else None
        yield Choice(facet, value, label, counts.get(value, 0), value in chosen, within)


def _names(
    request: SearchRequest, results: SearchResults
) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
    """(facet, value) → name, of values that are counted or, where names are no secret, asked for; and pôle → the
    département that holds most of its zones: a box that stood in two could not be unticked."""
    asked = {
        facet.name: {*results.facets.get(facet.name, {}), *request.filters.get(facet.name, ())}
        for facet in FACETS
    }
    names = _names_of_words(asked, Tag.objects.filter(slug__in=results.facets.get("tag", {})))
    counts: dict[str, Counter[str]] = {}
    poles = Pole.objects.live().filter(slug__in=asked["pole"]).order_by("slug", "zones__department")
    for slug, title, department in poles.values_list("slug", "title", "zones__department"):
        names["pole", slug] = title
        if department:
            counts.setdefault(slug, Counter())[department] += 1
    return names, {slug: counted.most_common(1)[0][0] for slug, counted in counts.items()}


def value_names(asked: Mapping[str, Collection[str]], tags: QuerySet[Tag]) -> dict[tuple[str, str], str]:
    """(facet, value) → name, of the values asked for and of `tags`: whose names may be told, the caller knows."""
    poles = Pole.objects.live().filter(slug__in=asked.get("pole", ())).values_list("slug", "title")
    return _names_of_words(asked, tags) | {("pole", slug): title for slug, title in poles}


def _names_of_words(asked: Mapping[str, Collection[str]], tags: QuerySet[Tag]) -> dict[tuple[str, str], str]:
    slugs = {slug for facet in Vocabulary for slug in asked.get(facet.value, ())}
    names = {(term.facet, term.slug): term.label for term in Term.objects.filter(slug__in=slugs)}
    names |= {("kind", model.kind): model.kind_label for model in KINDS.values()}
    names |= {("departement", code): str(label) for code, label in Department.choices}
    return names | {("tag", slug): name for slug, name in tags.values_list("slug", "name")}
