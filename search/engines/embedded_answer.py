"""What the embedded index answers: the best or newest documents, and the exact counts of every facet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from tantivy import DocAddress, Order, Query, Searcher

from search.engines import ranking
from search.engines.embedded_hits import hits_of
from search.engines.embedded_query import matching, readable, words_query
from search.engines.embedded_schema import day_of, facet_field
from search.facets import FACET_NAMES
from search.request import DEEPEST, SearchRequest
from search.results import SearchResults

MOST_VALUES = 10_000
"""Values of one facet that are counted: more than any vocabulary has, so that every count is exact."""


MOST_WEIGHED = 20_000
"""Documents whose age is looked at for one page: beyond, an answer is ordered by its text alone."""


def answer(
    searcher: Searcher, request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()
) -> SearchResults:
    """The page that was asked for, from one view of the index."""
    words, allowed = words_query(request), readable(readers, withheld)
    found = matching(words, allowed, request.filters)
    count, addresses = (_best if request.is_ranked else _newest)(
        searcher, found, request, request.offset, request.page_size
    )
    facets = _facet_counts(searcher, words, request, allowed)
    return SearchResults(
        count=count, hits=hits_of(searcher, request.understood, words, addresses), facets=facets
    )


def ids(
    searcher: Searcher, request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()
) -> tuple[int, ...]:
    """The ids of all hits in the order of the request."""
    found = matching(words_query(request), readable(readers, withheld), request.filters)
    order = _best if request.is_ranked else _newest
    return ids_at(searcher, order(searcher, found, request, 0, DEEPEST)[1])


def totals(
    searcher: Searcher, request: SearchRequest, tries: Iterable[Mapping[str, tuple[str, ...]]], allowed: Query
) -> tuple[int, ...]:
    """How much the question finds under each of these filters."""
    words = words_query(request)
    return tuple(searcher.search(matching(words, allowed, filters), 1).count for filters in tries)


def ids_at(searcher: Searcher, addresses: list[DocAddress]) -> tuple[int, ...]:
    """The ids of the documents at these places."""
    return tuple(int(item or 0) for item in searcher.fast_field_values("id", addresses))


def _newest(
    searcher: Searcher, found: Query, request: SearchRequest, offset: int, size: int
) -> tuple[int, list[DocAddress]]:
    result = searcher.search(found, size, True, "newest", offset, Order.Desc)
    return result.count, [address for _, address in result.hits]


def _best(
    searcher: Searcher, found: Query, request: SearchRequest, offset: int, size: int
) -> tuple[int, list[DocAddress]]:
    """By score times freshness, equal ones by date. tantivy knows neither: it gives the best texts, in the order of
    its segments where they are equal. So as many are fetched as freshness could bring upon the page, and sorted here.
    """
    wanted, today = offset + size, ranking.today()
    most = 1.0 if request.text_alone else 1 + ranking.FRESHNESS
    limit = wanted + 1
    while True:
        result = searcher.search(found, limit)
        hits = result.hits
        newest = [int(key or 0) for key in searcher.fast_field_values("newest", [a for _, a in hits])]
        scores = [
            score if request.text_alone else score * ranking.freshness(day_of(key), today)
            for (score, _), key in zip(hits, newest, strict=True)
        ]
        order = sorted(range(len(hits)), key=lambda i: (-scores[i], -newest[i]))
        # Nothing that was not fetched can come before the last of the page, not even as fresh as can be.
        if len(hits) < limit or hits[-1][0] * most < scores[order[wanted - 1]] or limit > MOST_WEIGHED:
            return result.count, [hits[i][1] for i in order[offset:wanted]]
        limit *= 4


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
