"""A `SearchRequest` as Elasticsearch searches. Pure: no server here; `search.engines.elastic_answer` reads the answers.

One question is three searches: the *best* documents, uncounted, so that the server passes over what cannot be among
them, and then the page of them as it is *shown*, the found words marked; beside these two, *how many* there are with
each facet's counts, unscored. Each facet counts under the filters of the others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from search.analysis import SEARCHED
from search.engines.elastic_schema import FACET_VALUES
from search.engines.elastic_words import Clause, admitting, all_of, marked_fields, marking, ordering
from search.engines.highlighting import END, SNIPPET, START
from search.engines.ranking import WEIGHED
from search.question import Question
from search.request import DEEPEST, SearchRequest

Body = dict[str, Any]
"""What is sent to the server, as plain JSON."""

MOST_VALUES = 50_000
"""Values of all facets together that are counted: more than the vocabularies have, so that every count is exact."""

FREE = "free"
"""The count of all values of all facets; that of a facet with a filter has the facet's name."""

STORED = ["id", "title", "summary", "url", "date", "facets.kind"]
"""What a hit needs of the stored document: not its whole body."""

NEWEST_FIRST: list[Any] = [{"date": "desc"}, "id"]

MOST_ANALYSED = 1_000_000
"""Characters of a body in which found words are marked (the server refuses to look further)."""

_WHOLE = {"number_of_fragments": 0, "no_match_size": 0}
_PIECE = {"number_of_fragments": 1, "fragment_size": SNIPPET, "no_match_size": SNIPPET}
_MARKING = {"pre_tags": [START], "post_tags": [END], "max_analyzed_offset": MOST_ANALYSED}


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Clause:
    """What one of these tokens may read, less what is withheld."""
    held = {"terms": {"readers": sorted(readers)}}
    return (
        {"bool": {"filter": [held], "must_not": [{"terms": {"id": sorted(withheld)}}]}} if withheld else held
    )


def found(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Clause:
    """What answers, whatever the filters, without a score. No need at all (« ??? ») finds nothing; an empty question
    finds everything.
    """
    allowed = readable(readers, withheld)
    if not request.q.strip():
        return allowed
    if not request.understood.needs:
        return {"match_none": {}}
    return all_of([allowed, admitting(request.understood)])


def scored(request: SearchRequest, conditions: Sequence[Clause]) -> Clause:
    """What answers and meets the conditions, by its text; the question has words."""
    question = request.understood
    # Where any word is enough, to be found by one says it all.
    conditions = [*conditions, admitting(question)] if question.enough else conditions
    return {"bool": {"should": ordering(question), "filter": conditions, "minimum_should_match": 1}}


def is_ranked(request: SearchRequest) -> bool:
    """Do words say the order?"""
    return request.is_ranked and bool(request.understood.needs)


def weighed_first(request: SearchRequest) -> int:
    """Of how many freshness is weighed: whole pages, so that each hit stands on one page."""
    if request.text_alone or not is_ranked(request):
        return 0
    return math.ceil(WEIGHED / request.page_size) * request.page_size


def best_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Body:
    """The documents of the page, or all that freshness could bring upon it."""
    search = _ordered(request, readers, withheld)
    if request.offset < weighed_first(request):
        return search | {"size": weighed_first(request)}
    return search | {"from": request.offset, "size": request.page_size}


def all_best_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Body:
    """The documents of all pages, as far as any engine goes."""
    return _ordered(request, readers, withheld) | {"size": DEEPEST}


def _ordered(request: SearchRequest, readers: Iterable[str], withheld: Collection[int]) -> Body:
    filters = _passing(request.filters)
    if is_ranked(request):
        query, sort = scored(request, [readable(readers, withheld), *filters]), ["_score", *NEWEST_FIRST]
    else:
        query, sort = all_of([found(request, readers, withheld), *filters]), NEWEST_FIRST
    # A hit is told by what it is sorted by: nothing stored is read.
    return {"query": query, "sort": sort, "track_total_hits": False, "stored_fields": "_none_"}


def counted_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Body:
    """How many answer, and every facet's counts."""
    # One count for all facets without a filter of their own, one more for each that has one.
    counts = {FREE: _counting(request.filters, FACET_VALUES)}
    for name in request.filters:
        others = {other: values for other, values in request.filters.items() if other != name}
        counts[name] = _counting(others, f"facets.{name}")
    search = {"query": found(request, readers, withheld), "aggs": counts, "size": 0, "track_total_hits": True}
    return search | {"post_filter": all_of(_passing(request.filters))} if request.filters else search


def _counting(filters: Mapping[str, tuple[str, ...]], field: str) -> Body:
    """The values of a field among what passes the filters; without any, a step less for each document."""
    values = {"terms": {"field": field, "size": MOST_VALUES}}
    return {"filter": all_of(_passing(filters)), "aggs": {"values": values}} if filters else values


def shown_of(
    request: SearchRequest, items: Sequence[int], readers: Iterable[str], withheld: Collection[int] = ()
) -> list[Body]:
    """These documents as they are shown, the words marked; in no order. Marking takes the longest, so they are asked
    for in two halves, which the server marks side by side.
    """
    search: Body = {"_source": STORED, "size": len(items), "track_total_hits": False}
    if request.q.strip() and request.understood.needs:
        search["highlight"] = _marking(request.understood)
    allowed = readable(readers, withheld)
    halves = (half for half in (items[::2], items[1::2]) if half)
    return [search | {"query": all_of([allowed, {"terms": {"id": list(half)}}])} for half in halves]


def _marking(question: Question) -> Body:
    card, body = marked_fields(question)
    how = {card: _WHOLE, body: _PIECE}
    fields = {field: how[field] | {"highlight_query": marking(question, field)} for field in how}
    return _MARKING | {"fields": fields}


def counting(conditions: Mapping[str, Clause], readers: Iterable[str], withheld: Collection[int]) -> Body:
    """How many readable documents meet each condition, without a hit."""
    counts = {name: {"filter": condition} for name, condition in conditions.items()}
    return {"query": readable(readers, withheld), "aggs": counts, "size": 0, "track_total_hits": True}


def totals_of(
    request: SearchRequest,
    tries: Sequence[Mapping[str, tuple[str, ...]]],
    readers: Iterable[str],
    withheld: Collection[int] = (),
) -> Body:
    """How much the question finds under each of these filters, by their places, and no hit."""
    counts = {str(place): {"filter": all_of(_passing(filters))} for place, filters in enumerate(tries)}
    query = found(request, readers, withheld)
    return {"query": query, "aggs": counts, "size": 0, "track_total_hits": False}


def similar_to(item: int, readers: Iterable[str], withheld: Collection[int] = ()) -> Body:
    """What has the rarer words of a document too."""
    alike = {
        "fields": list(SEARCHED),
        "like": [{"_id": str(item)}],
        "min_term_freq": 1,
        "min_doc_freq": 2,
        "max_query_terms": 25,
        "minimum_should_match": "20%",
    }
    conditions = [readable(readers, withheld)]
    return {"query": {"bool": {"must": [{"more_like_this": alike}], "filter": conditions}}, "_source": False}


def _passing(filters: Mapping[str, tuple[str, ...]]) -> list[Clause]:
    return [{"terms": {f"facets.{name}": list(values)}} for name, values in filters.items()]
