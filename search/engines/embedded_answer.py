"""What the embedded index answers: the best or newest documents, and the exact counts of every facet."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tantivy import DocAddress, Order, Query, Searcher

from search.engines.embedded_hits import hits_of
from search.engines.embedded_query import matching, readable, words_query
from search.engines.embedded_schema import facet_field
from search.facets import FACET_NAMES
from search.request import SearchRequest
from search.results import SearchResults

MOST_VALUES = 10_000
"""Values of one facet that are counted: more than any vocabulary has, so that every count is exact."""


def answer(
    searcher: Searcher, request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()
) -> SearchResults:
    """The page that was asked for, from one view of the index."""
    words, allowed = words_query(request.q), readable(readers, withheld)
    found = matching(words, allowed, request.filters)
    ranked = request.sort == "pertinence" and bool(request.q.strip())
    count, addresses = (_best if ranked else _newest)(searcher, found, request)
    facets = _facet_counts(searcher, words, request, allowed)
    return SearchResults(count=count, hits=hits_of(searcher, request.q, addresses), facets=facets)


def _newest(searcher: Searcher, found: Query, request: SearchRequest) -> tuple[int, list[DocAddress]]:
    result = searcher.search(found, request.page_size, True, "newest", request.offset, Order.Desc)
    return result.count, [address for _, address in result.hits]


def _best(searcher: Searcher, found: Query, request: SearchRequest) -> tuple[int, list[DocAddress]]:
    """By score, equal scores by date. tantivy leaves equal scores in the order of its segments, which changes
    with every merge; so whoever equals the last of the page is fetched too, then sorted here."""
    wanted = request.offset + request.page_size
    limit = wanted + 1
    while True:
        result = searcher.search(found, limit)
        hits = result.hits
        if len(hits) < limit or hits[-1][0] < hits[wanted - 1][0]:
            break
        limit *= 4
    newest = searcher.fast_field_values("newest", [address for _, address in hits])
    order = sorted(range(len(hits)), key=lambda i: (-hits[i][0], -(newest[i] or 0)))
    return result.count, [hits[i][1] for i in order[request.offset : wanted]]


def _facet_counts(
    searcher: Searcher, words: Query, request: SearchRequest, allowed: Query
) -> dict[str, dict[str, int]]:
    """One pass over what was found for the facets without a filter, one more for each that has one."""
    counts: dict[str, dict[str, int]] = {}
    free = [name for name in FACET_NAMES if name not in request.filters]
    for names, without in [(free, None), *(([name], name) for name in request.filters)]:
        terms = {
            name: {"terms": {"field": facet_field(name), "size": MOST_VALUES, "segment_size": MOST_VALUES}}
            for name in names
        }
        found = searcher.aggregate(matching(words, allowed, request.filters, without), terms)
        for name in names:
            pairs = ((bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"])
            counts[name] = dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return {name: counts[name] for name in FACET_NAMES}
