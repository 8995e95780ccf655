"""A `SearchRequest` as an Elasticsearch search, and its answer as `SearchResults`. Pure: no server here.

The filters are a `post_filter`, so that they hold for the hits and the total alone; each facet counts under
the filters of the others. No query string is ever parsed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.document_base import InstrumentedField
from elasticsearch.dsl.query import Query

from search.analysis import SEARCHED, STOP_WORDS
from search.document import KINDS
from search.engines.elastic_schema import STEMMED, stems, texts
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
from search.engines.ranking import COMMON, FRESHNESS, HALF_LIFE, LABEL, SYNONYM, TITLE, today
from search.facets import FACET_NAMES
from search.question import Need, Question, Wording
from search.request import DEEPEST, SearchRequest
from search.results import Hit, SearchResults

MOST_VALUES = 10_000
"""Values of one facet that are counted: more than any vocabulary has, so that every count is exact."""

SHOWN: list[str | InstrumentedField] = ["id", "title", "summary", "url", "date", "facets.kind"]
"""What a hit needs of the stored document: not its whole body."""

NEWEST_FIRST = ("-date", "id")

MOST_ANALYSED = 1_000_000
"""Characters of a body in which found words are marked (the server refuses to look further)."""

# What is the same in every question is made once: the library takes its time.
COUNTS = {name: A("terms", field=f"facets.{name}", size=MOST_VALUES) for name in FACET_NAMES}

_WHOLE = {"number_of_fragments": 0, "no_match_size": 0}
_PIECE = {"number_of_fragments": 1, "fragment_size": SNIPPET, "no_match_size": SNIPPET}


def _marking(texts_of: Callable[[str], list[str]]) -> dict[str, Any]:
    return {
        "pre_tags": [START],
        "post_tags": [END],
        "max_analyzed_offset": MOST_ANALYSED,
        "fields": {
            field: {**options, "matched_fields": texts_of(field)}
            for field, options in (("title", _WHOLE), ("summary", _WHOLE), ("body", _PIECE))
        },
    }


MARKING, MARKING_STOP_WORDS = _marking(stems), _marking(texts)
"""Which words are marked. Stems hold every word but stop words, which count where nothing else was asked."""


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What one of these tokens may read, less what is withheld."""
    held = Q("terms", readers=sorted(readers))
    return Q("bool", filter=[held], must_not=[Q("terms", id=sorted(withheld))]) if withheld else held


def words_query(request: SearchRequest) -> Query:
    """The needs of a question in the searched fields, as light stem, Snowball stem and as they are; scores add up.

    A hit meets enough of the question; a title or label that is the question only orders the hits. No need at all
    (« ??? ») finds nothing; an empty question finds everything.
    """
    if not request.q.strip():
        return Q("match_all")
    question = request.understood
    if not question.needs:
        return Q("match_none")
    title = Q("constant_score", filter=Q("term", title_key=question.key), boost=TITLE)
    label = Q("constant_score", filter=Q("term", label_keys=question.key), boost=LABEL)
    return Q(
        "bool",
        must=[Q("bool", should=_needs(question.needs), minimum_should_match=1)],
        filter=[_enough(question)] if question.enough else [],
        should=[title, label],
    )


def _enough(question: Question) -> Query:
    """All the needs of one of the sets. The server keeps no score of it."""
    sets = [
        Q("bool", filter=[met_query(question.needs[place]) for place in places]) for places in question.enough
    ]
    return Q("bool", should=sets, minimum_should_match=1)


def _needs(needs: Iterable[Need]) -> list[Query]:
    """One query for all words without another wording, one for each need that has some: the best of them counts."""
    plain: dict[float, list[str]] = {}
    queries: list[Query] = []
    for need in needs:
        worth = COMMON if need.is_common else 1.0
        if need.others:
            others = [wording_query(wording, SYNONYM) for wording in need.others]
            queries.append(Q("dis_max", queries=[_any_word(need.words), *others], boost=worth))
        else:
            plain.setdefault(worth, []).extend(need.words)
    return [*(_any_word(words, worth) for worth, words in plain.items()), *queries]


def _any_word(words: Iterable[str], boost: float = 1.0) -> Query:
    fields = [f"{text}^{weight}" for field, weight in SEARCHED.items() for text in texts(field)]
    return Q("multi_match", query=" ".join(words), type="most_fields", fields=fields, boost=boost)


def wording_query(wording: Wording, boost: float = 1.0) -> Query:
    """One word, or several as a phrase."""
    if len(wording) == 1:
        return _any_word(wording, boost)
    fields = [f"{field}^{weight}" for field, weight in SEARCHED.items()]
    return Q("multi_match", query=" ".join(wording), type="phrase", fields=fields, boost=boost)


def met_query(need: Need) -> Query:
    """All the words of a need as stems, wherever they stand in a document, or one of its other wordings."""
    ways = [_all_words(need.words)]
    ways += [_all_words(other) if len(other) == 1 else wording_query(other) for other in need.others]
    return Q("bool", should=ways, minimum_should_match=1) if len(ways) > 1 else ways[0]


def _all_words(words: Iterable[str]) -> Query:
    fields = [f"{field}.{STEMMED}" for field in SEARCHED]
    return Q("multi_match", query=" ".join(words), type="cross_fields", operator="and", fields=fields)


def counting(conditions: Mapping[str, Query], readers: Iterable[str], withheld: Collection[int]) -> Search:
    """How many readable documents meet each condition, without a hit."""
    search = Search().query(Q("bool", filter=[readable(readers, withheld)]))
    for name, condition in conditions.items():
        search.aggs.bucket(name, "filter", filter=condition)
    return search.extra(size=0, track_total_hits=True)


def asked(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """The words, among what may be read; the newer of two that answer alike first."""
    found = Q("bool", must=[words_query(request)], filter=[readable(readers, withheld)])
    if not request.is_ranked or request.text_alone:
        return Search().query(found)
    origin = today().isoformat()
    age = {"date": {"origin": origin, "scale": f"{HALF_LIFE}d", "decay": 0.5}}
    return Search().query(
        "function_score",
        query=found,
        functions=[{"weight": 1}, {"exp": age, "weight": FRESHNESS}],
        score_mode="sum",
        boost_mode="multiply",
    )


def search_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """The whole question in one: a page of hits, the exact total, every facet's counts, the found words."""
    search = asked(request, readers, withheld)
    if request.filters:
        search = search.post_filter(_passing(request.filters))
    # One filter for all facets without one of their own, one more for each that has one: filters cost more than counts.
    free = [name for name in FACET_NAMES if name not in request.filters]
    _count(search.aggs, free, request.filters)
    for name in request.filters:
        others = {other: values for other, values in request.filters.items() if other != name}
        _count(search.aggs, [name], others)
    search = search.sort(*(["_score"] if request.is_ranked else []), *NEWEST_FIRST)
    return search.source(SHOWN).extra(
        track_total_hits=True, from_=request.offset, size=request.page_size, highlight=_marking_of(request)
    )


def _count(aggregations: Any, names: Sequence[str], filters: Mapping[str, tuple[str, ...]]) -> None:
    """The values of these facets among what passes the filters; without any, a step less for each document."""
    if filters:
        under = f"under {' '.join(filters)}"
        aggregations = aggregations.bucket(under, "filter", filter=_passing(filters))
    for name in names:
        aggregations.bucket(name, COUNTS[name])


def _marking_of(request: SearchRequest) -> dict[str, Any]:
    words = (word for need in request.understood.needs for word in need.folded)
    return MARKING_STOP_WORDS if STOP_WORDS.issuperset(words) else MARKING


def ids_of(request: SearchRequest, readers: Iterable[str], withheld: Collection[int] = ()) -> Search:
    """The ids of all hits in the order of the request, without anything else."""
    search = asked(request, readers, withheld).filter(_passing(request.filters))
    search = search.sort(*(["_score"] if request.is_ranked else []), *NEWEST_FIRST)
    return search.extra(size=DEEPEST, track_total_hits=False).source(False)


def totals_of(
    request: SearchRequest,
    tries: Sequence[Mapping[str, tuple[str, ...]]],
    readers: Iterable[str],
    withheld: Collection[int] = (),
) -> Search:
    """How much the question finds under each of these filters, by their places, and no hit."""
    search = Search().query(Q("bool", filter=[words_query(request), readable(readers, withheld)]))
    for place, filters in enumerate(tries):
        search.aggs.bucket(str(place), "filter", filter=_passing(filters))
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


def results_of(answer: Mapping[str, Any]) -> SearchResults:
    """The answer to `search_of`, as plain JSON."""
    found = answer["hits"]
    counted: dict[str, Any] = {}
    for name, found_there in answer["aggregations"].items():
        counted |= {name: found_there} if "buckets" in found_there else found_there
    return SearchResults(
        count=found["total"]["value"],
        hits=tuple(_hit(hit["_source"], hit.get("highlight", {})) for hit in found["hits"]),
        facets={name: _counts(counted[name]["buckets"]) for name in FACET_NAMES},
    )


def _passing(filters: Mapping[str, tuple[str, ...]]) -> Query:
    conditions = [Q("terms", **{f"facets.{name}": list(values)}) for name, values in filters.items()]
    return Q("bool", filter=conditions) if conditions else Q("match_all")


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
    """As the server orders them: most first, then by value."""
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}
