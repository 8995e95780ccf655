"""A `SearchRequest` as an Elasticsearch search, and its answer as `SearchResults`. Pure: no server here.

The filters are a `post_filter`, so that they hold for the hits and the total alone; each facet counts under
the filters of the others. No query string is ever parsed.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.document_base import InstrumentedField
from elasticsearch.dsl.query import Query

from search.document import KINDS
from search.engines.analysis import SEARCHED, query_words
from search.engines.elastic_schema import texts
from search.engines.highlighting import (
    END,
    SNIPPET,
    START,
    Segments,
    fragment,
    marked_segments,
    segments,
    snippet,
)
from search.facets import FACET_NAMES
from search.request import SearchRequest
from search.results import Hit, SearchResults

MOST_VALUES = 10_000
"""Values of one facet that are counted: more than any vocabulary has, so that every count is exact."""

SHOWN: list[str | InstrumentedField] = ["id", "title", "summary", "url", "date", "facets.kind"]
"""What a hit needs of the stored document: not its whole body."""

NEWEST_FIRST = ("-date", "id")

MOST_ANALYSED = 1_000_000
"""Characters of a body in which found words are marked (the server refuses to look further)."""


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What one of these tokens may read, less what is withheld."""
    held = Q("terms", readers=sorted(readers))
    return Q("bool", filter=[held], must_not=[Q("terms", id=sorted(withheld))]) if withheld else held


def words_query(q: str) -> Query:
    """Any word of `q` in any searched field, as light stem, Snowball stem and as it is; the scores add up.

    No word at all (« ??? ») finds nothing; an empty question finds everything.
    """
    if not q.strip():
        return Q("match_all")
    words = query_words(q)
    if not words:
        return Q("match_none")
    fields = [f"{text}^{boost}" for field, boost in SEARCHED.items() for text in texts(field)]
    return Q("multi_match", query=" ".join(words), type="most_fields", fields=fields)


def search_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """The whole question in one: a page of hits, the exact total, every facet's counts, the found words."""
    search = Search().query(Q("bool", must=[words_query(request.q)], filter=[readable(readers, withheld)]))
    if request.filters:
        search = search.post_filter(_passing(request.filters))
    for name in FACET_NAMES:
        values = A("terms", field=f"facets.{name}", size=MOST_VALUES)
        search.aggs.bucket(name, "filter", filter=_passing(request.filters, without=name)).bucket(
            "values", values
        )
    ranked = request.sort == "pertinence" and bool(request.q.strip())
    search = search.sort(*(["_score"] if ranked else []), *NEWEST_FIRST)
    search = search.extra(track_total_hits=True, from_=request.offset, size=request.page_size)
    return _highlighted(search.source(SHOWN))


def results_of(answer: Mapping[str, Any]) -> SearchResults:
    """The answer to `search_of`, as plain JSON."""
    found = answer["hits"]
    return SearchResults(
        count=found["total"]["value"],
        hits=tuple(_hit(hit["_source"], hit.get("highlight", {})) for hit in found["hits"]),
        facets={name: _counts(answer["aggregations"][name]["values"]["buckets"]) for name in FACET_NAMES},
    )


def _passing(filters: Mapping[str, tuple[str, ...]], without: str | None = None) -> Query:
    conditions = [
        Q("terms", **{f"facets.{name}": list(values)}) for name, values in filters.items() if name != without
    ]
    return Q("bool", filter=conditions) if conditions else Q("match_all")


def _highlighted(search: Search) -> Search:
    whole = {"number_of_fragments": 0, "no_match_size": 0}
    piece = {"number_of_fragments": 1, "fragment_size": SNIPPET, "no_match_size": SNIPPET}
    search = search.highlight_options(pre_tags=[START], post_tags=[END], max_analyzed_offset=MOST_ANALYSED)
    for field, options in (("title", whole), ("summary", whole), ("body", piece)):
        search = search.highlight(field, matched_fields=texts(field), **options)
    return search


def _hit(source: Mapping[str, Any], highlight: Mapping[str, list[str]]) -> Hit:
    title, summary, kind = source["title"], source["summary"], source["facets"]["kind"][0]
    if kind not in KINDS:
        raise ValueError(f"unknown kind: {kind!r}")
    return Hit(
        id=source["id"],
        kind=kind,
        title=title,
        summary=summary,
        url=source["url"],
        date=datetime.date.fromisoformat(source["date"]),
        title_segments=_marked(highlight, "title") or segments(title, ()),
        snippet=snippet(
            _marked(highlight, "summary") or segments(summary, ()), fragment(_marked(highlight, "body"))
        ),
    )


def _marked(highlight: Mapping[str, list[str]], field: str) -> Segments:
    return marked_segments(highlight[field][0]) if field in highlight else ()


def _counts(buckets: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    pairs = ((bucket["key"], bucket["doc_count"]) for bucket in buckets)
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
