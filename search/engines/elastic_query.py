"""A `SearchRequest` as Elasticsearch searches. Pure: no server here; `search.engines.elastic_answer` reads the answers.

One question is three searches: the *best* documents, uncounted, so that the server passes over what cannot be among
them, and then the page of them as it is *shown*, the found words marked; beside these two, *how many* there are with
each facet's counts, unscored. Each facet counts under the filters of the others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.document_base import InstrumentedField
from elasticsearch.dsl.query import Query

from search.analysis import SEARCHED
from search.engines.elastic_schema import FACET_VALUES, SHOWN
from search.engines.elastic_words import Clause, admitting, all_of, marked_field, marking, ordering
from search.engines.highlighting import END, SNIPPET, START
from search.engines.ranking import WEIGHED
from search.question import Question
from search.request import DEEPEST, SearchRequest

MOST_VALUES = 50_000
"""Values of all facets together that are counted: more than the vocabularies have, so that every count is exact."""

FREE = "free"
"""The count of all values of all facets; that of a facet with a filter has the facet's name."""

STORED: list[str | InstrumentedField] = ["id", "title", "summary", "url", "date", "facets.kind"]
"""What a hit needs of the stored document: not its whole body."""

NEWEST_FIRST = ("-date", "id")

MOST_ANALYSED = 1_000_000
"""Characters of a body in which found words are marked (the server refuses to look further)."""

_WHOLE = {"number_of_fragments": 0, "no_match_size": 0}
_PIECE = {"number_of_fragments": 1, "fragment_size": SNIPPET, "no_match_size": SNIPPET}
_MARKING = {"pre_tags": [START], "post_tags": [END], "max_analyzed_offset": MOST_ANALYSED}


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What one of these tokens may read, less what is withheld."""
    held = Q("terms", readers=sorted(readers))
    return Q("bool", filter=[held], must_not=[Q("terms", id=sorted(withheld))]) if withheld else held


def found(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What answers, whatever the filters, without a score. No need at all (« ??? ») finds nothing; an empty question
    finds everything.
    """
    allowed = readable(readers, withheld)
    if not request.q.strip():
        return allowed
    if not request.understood.needs:
        return Q("match_none")
    return all_of([allowed, admitting(request.understood)])


def scored(request: SearchRequest, conditions: Sequence[Query]) -> Clause:
    """What answers and meets the conditions, by its text; the question has words."""
    question = request.understood
    # Where any word is enough, to be found by one says it all.
    conditions = [*conditions, admitting(question)] if question.enough else conditions
    held = [condition.to_dict() for condition in conditions]
    return {"bool": {"should": ordering(question), "filter": held, "minimum_should_match": 1}}


def is_ranked(request: SearchRequest) -> bool:
    """Do words say the order?"""
    return request.is_ranked and bool(request.understood.needs)


def weighed_first(request: SearchRequest) -> int:
    """Of how many freshness is weighed: whole pages, so that each hit stands on one page."""
    if request.text_alone or not is_ranked(request):
        return 0
    return math.ceil(WEIGHED / request.page_size) * request.page_size


def best_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> dict[str, Any]:
    """The documents of the page, or all that freshness could bring upon it."""
    search = _ordered(request, readers, withheld)
    if request.offset < weighed_first(request):
        return search | {"size": weighed_first(request)}
    return search | {"from": request.offset, "size": request.page_size}


def all_best_of(
    request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()
) -> dict[str, Any]:
    """The documents of all pages, as far as any engine goes."""
    return _ordered(request, readers, withheld) | {"size": DEEPEST}


def _ordered(request: SearchRequest, readers: Iterable[str], withheld: Collection[int]) -> dict[str, Any]:
    # A hit is told by what it is sorted by: nothing stored is read.
    search = Search().extra(track_total_hits=False, stored_fields="_none_")
    filters = _passing(request.filters)
    if not is_ranked(request):
        return (
            search.query(all_of([found(request, readers, withheld), *filters])).sort(*NEWEST_FIRST).to_dict()
        )
    words = {"query": scored(request, [readable(readers, withheld), *filters])}
    return search.sort("_score", *NEWEST_FIRST).to_dict() | words


def counted_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """How many answer, and every facet's counts."""
    search = Search().query(found(request, readers, withheld))
    if request.filters:
        search = search.post_filter(all_of(_passing(request.filters)))
    # One count for all facets without a filter of their own, one more for each that has one.
    _count(search.aggs, request.filters, FREE, FACET_VALUES)
    for name in request.filters:
        others = {other: values for other, values in request.filters.items() if other != name}
        _count(search.aggs, others, name, f"facets.{name}")
    return search.extra(size=0, track_total_hits=True)


def _count(aggregations: Any, filters: Mapping[str, tuple[str, ...]], name: str, field: str) -> None:
    """The values of a field among what passes the filters; without any, a step less for each document."""
    values = A("terms", field=field, size=MOST_VALUES)
    if filters:
        aggregations.bucket(name, "filter", filter=all_of(_passing(filters))).bucket("values", values)
    else:
        aggregations.bucket(name, values)


def shown_of(
    request: SearchRequest, items: Sequence[int], readers: Iterable[str], withheld: Collection[int] = ()
) -> Search:
    """These documents as they are shown, the words marked; in no order."""
    search = Search().query(all_of([readable(readers, withheld), Q("terms", id=list(items))]))
    search = search.source(STORED).extra(size=len(items), track_total_hits=False)
    if not request.q.strip() or not request.understood.needs:
        return search
    return search.extra(highlight=_marking(request.understood))


def _marking(question: Question) -> dict[str, Any]:
    fields = {}
    for field in SHOWN:
        marked = marked_field(field, question)
        how = _PIECE if field == "body" else _WHOLE
        fields[marked] = how | {"highlight_query": marking(question, marked).to_dict()}
    return _MARKING | {"fields": fields}


def counting(conditions: Mapping[str, Query], readers: Iterable[str], withheld: Collection[int]) -> Search:
    """How many readable documents meet each condition, without a hit."""
    search = Search().query(Q("bool", filter=[readable(readers, withheld)]))
    for name, condition in conditions.items():
        search.aggs.bucket(name, "filter", filter=condition)
    return search.extra(size=0, track_total_hits=True)


def totals_of(
    request: SearchRequest,
    tries: Sequence[Mapping[str, tuple[str, ...]]],
    readers: Iterable[str],
    withheld: Collection[int] = (),
) -> Search:
    """How much the question finds under each of these filters, by their places, and no hit."""
    search = Search().query(found(request, readers, withheld))
    for place, filters in enumerate(tries):
        search.aggs.bucket(
            str(place), "filter", filter=all_of(_passing(filters)) if filters else Q("match_all")
        )
    return search.extra(size=0, track_total_hits=False)


def similar_to(item: int, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """What has the rarer words of a document too."""
    alike = Q(
        "more_like_this",
        fields=list(SEARCHED),
        like=[{"_id": str(item)}],
        min_term_freq=1,
        min_doc_freq=2,
        max_query_terms=25,
        minimum_should_match="20%",
    )
    return Search().query(Q("bool", must=[alike], filter=[readable(readers, withheld)])).source(False)


def _passing(filters: Mapping[str, tuple[str, ...]]) -> list[Query]:
    return [Q("terms", **{f"facets.{name}": list(values)}) for name, values in filters.items()]
