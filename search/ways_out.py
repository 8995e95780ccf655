"""What to do when a search finds nothing: which filter empties it, and what the others would leave."""

from __future__ import annotations

from dataclasses import dataclass

from .answering import how_many
from .facets import FACETS
from .forms import query_string
from .request import SearchRequest


@dataclass(frozen=True)
class WithoutFilter:
    """The same search without the filters of one facet, or without any (no label), and how much it finds."""

    label: str
    address: str
    count: int


def without_each_filter(request: SearchRequest, readers: frozenset[str]) -> list[WithoutFilter]:
    """Those that find something, most first, all filters last; asked of a search that found nothing with filters."""
    names = [facet for facet in FACETS if facet.name in request.filters]
    tries = [
        (facet.label, {name: values for name, values in request.filters.items() if name != facet.name})
        for facet in names
    ]
    if len(names) > 1:
        tries.append(("", {}))
    counts = how_many(request, [filters for _, filters in tries], readers)
    ways = [
        WithoutFilter(label, query_string(request, filters=filters), count)
        for (label, filters), count in zip(tries, counts, strict=False)
        if count
    ]
    return sorted(ways, key=lambda way: (not way.label, -way.count))
