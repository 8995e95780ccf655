"""The words of a question as Elasticsearch queries: what admits a document, what orders it, what is marked. Pure.

What admits is asked of all texts as one field and never scored. What orders is a flat list of single words in single
fields, so that the server passes over what cannot come among the first: in « the best of » it would look at
everything. No query string is ever parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query

from search.analysis import SEARCHED, STOP_WORDS
from search.engines.elastic_schema import HELD, HELD_STEMMED, MARKED, texts
from search.engines.ranking import COMMON, LABEL, SYNONYM, TITLE
from search.question import Need, Question, Wording

Clause = dict[str, Any]
"""A query as plain JSON: a question has hundreds of them, and the library's objects take their time."""


def any_of(queries: Sequence[Query]) -> Query:
    """One of them, at least one of which must be there."""
    return Q("bool", should=queries, minimum_should_match=1) if len(queries) > 1 else queries[0]


def all_of(queries: Sequence[Query]) -> Query:
    """Every one of them, without a score."""
    return Q("bool", filter=queries) if len(queries) > 1 else queries[0]


def admitting(question: Question) -> Query:
    """What a hit must meet: all the needs of one of the sets; where there is no set, any word of any need."""
    if question.enough:
        return any_of(
            [all_of([met(question.needs[place]) for place in places]) for places in question.enough]
        )
    return any_of([query for need in question.needs for query in _touched(need)])


def met(need: Need) -> Query:
    """All the words of a need as stems, wherever they stand in a document, or one of its other wordings."""
    ways = [_held(need.words, "and"), *(_wording(other) for other in need.others)]
    return any_of(ways)


def _held(words: Iterable[str], operator: str, text: str = HELD_STEMMED) -> Query:
    return Q("match", **{text: {"query": " ".join(words), "operator": operator}})


def _wording(wording: Wording) -> Query:
    return Q("match_phrase", **{HELD: " ".join(wording)}) if len(wording) > 1 else _held(wording, "and")


def _touched(need: Need) -> Iterator[Query]:
    if STOP_WORDS.issuperset(need.folded):  # nothing else was asked for, and stems know no stop word
        yield from (_held(need.words, "or", f"{field}.exact") for field in SEARCHED)
        return
    singles = [*need.words, *(other[0] for other in need.others if len(other) == 1)]
    yield from (_held(singles, "or", text) for text in (HELD, HELD_STEMMED))
    yield from (_wording(other) for other in need.others if len(other) > 1)


def ordering(question: Question) -> list[Clause]:
    """What scores a hit, added up: each word as light stem, as Snowball stem and as it is, and each other wording, in
    each field; far above them a title that is the question, a little above a label that is.
    """
    clauses: list[Clause] = [
        {"constant_score": {"filter": {"term": {field: question.key}}, "boost": worth}}
        for field, worth in (("title_key", TITLE), ("label_keys", LABEL))
    ]
    for need in question.needs:
        worth = COMMON if need.is_common else 1.0
        for word in need.words:
            clauses += _word(word, worth)
        for other in need.others:
            clauses += _wording_clauses(other, worth * SYNONYM)
    return clauses


def _word(word: str, worth: float) -> Iterator[Clause]:
    for field, weight in SEARCHED.items():
        for text in texts(field):
            yield {"match": {text: {"query": word, "boost": weight * worth}}}


def _wording_clauses(wording: Wording, worth: float) -> Iterator[Clause]:
    if len(wording) == 1:
        yield from _word(wording[0], worth)
        return
    for field, weight in SEARCHED.items():
        yield {"match_phrase": {field: {"query": " ".join(wording), "boost": weight * worth}}}


def marked_field(field: str, question: Question) -> str:
    """Where the words of a question are marked: stop words, which no stem holds, when nothing else was asked for."""
    words = (word for need in question.needs for word in need.folded)
    return f"{field}.exact" if STOP_WORDS.issuperset(words) else f"{field}.{MARKED}"


def marking(question: Question, marked: str) -> Query:
    """What is marked in such a field: every word and every other wording."""
    words = [word for need in question.needs for word in need.words]
    others = [other for need in question.needs for other in need.others]
    words += [other[0] for other in others if len(other) == 1]
    phrases = [" ".join(other) for other in others if len(other) > 1]
    queries = [Q("match_phrase", **{marked: phrase}) for phrase in phrases]
    return any_of([_held(words, "or", marked), *queries])
