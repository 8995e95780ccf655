"""A search in words that people read: its question, and its filters by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.vocabulary.models import Tag
from resources.models import Item
from search.choices import value_names
from search.facets import FACETS
from search.request import SearchRequest


@dataclass(frozen=True)
class Description:
    """`filters`: the name of a facet, and its chosen values joined by « ou »."""

    question: str
    filters: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        words = [f"« {self.question} »"] if self.question else []
        return (
            ", ".join([*words, *(f"{facet} : {values}" for facet, values in self.filters)])
            or "recherche à refaire"
        )


def describe(requests: Sequence[SearchRequest], readers: frozenset[str]) -> list[Description]:
    """Each request in words, in a number of queries that does not grow with them.

    The name of a free tag is told to `readers` who may read something that bears it; to others it is what they typed.
    """
    asked = {
        facet.name: {value for request in requests for value in request.filters.get(facet.name, ())}
        for facet in FACETS
    }
    tags = Tag.objects.filter(
        slug__in=asked["tag"], tagged_items__content_object__in=Item.objects.readable_with(readers)
    ).distinct()
    names = value_names(asked, tags)
    return [_described(request, names) for request in requests]


def _described(request: SearchRequest, names: dict[tuple[str, str], str]) -> Description:
    filters = [
        (facet.label, " ou ".join(names.get((facet.name, value), value) for value in values))
        for facet in FACETS
        if (values := request.filters.get(facet.name))
    ]
    return Description(request.q, tuple(filters))
