"""The words of a question as Elasticsearch queries: what admits a document, what orders it, what is marked. Pure.

What admits is asked of all texts as one field and never scored. What orders is a flat list of single words in single
fields, so that the server passes over what cannot come among the first: in « the best of » it would look at
everything. No query string is ever parsed.

Queries are plain JSON here: a question has hundreds of them, and the library's objects take their time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from search.analysis import SEARCHED, STOP_WORDS
from search.engines.elastic_schema import CARD, EXACT, HELD, MARKED, texts
from search.engines.ranking import COMMON, LABEL, SYNONYM, TITLE
from search.question import Need, Question, Wording

Clause = dict[str, Any]


def any_of(clauses: Sequence[Clause]) -> Clause:
    """One of them at least."""
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if len(clauses) > 1 else clauses[0]


def all_of(clauses: Sequence[Clause]) -> Clause:
    """Every one of them, without a score."""
    return {"bool": {"filter": clauses}}


def admitting(question: Question) -> Clause:
    """What a hit must meet: all the needs of one of the sets; where there is no set, any word of any need."""
    if question.enough:
        sets = ([met(question.needs[place]) for place in places] for places in question.enough)
        return any_of([all_of(needs) for needs in sets])
    return any_of([clause for need in question.needs for clause in _touched(need)])


def met(need: Need) -> Clause:
    """All the words of a need as stems, wherever they stand in a document, or one of its other wordings."""
    return any_of([_stemmed(need.words), *(_wording(other) for other in need.others)])


def _stemmed(words: Iterable[str]) -> Clause:
    return {"match": {HELD: {"query": " ".join(words), "analyzer": "signed", "operator": "and"}}}


def _wording(wording: Wording) -> Clause:
    if len(wording) == 1:
        return _stemmed(wording)
    return {"match_phrase": {HELD: {"query": " ".join(wording), "analyzer": "light"}}}


def _touched(need: Need) -> Iterator[Clause]:
    if STOP_WORDS.issuperset(need.folded):  # nothing else was asked for, and stems know no stop word
        for field in SEARCHED:
            yield {"match": {f"{field}.{EXACT}": " ".join(need.words)}}
        return
    singles = [*need.words, *(other[0] for other in need.others if len(other) == 1)]
    yield {"match": {HELD: " ".join(singles)}}
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


def marked_fields(question: Question) -> tuple[str, str]:
    """Where the words of a question are marked, in the card and in the body: stop words, which no stem holds, when
    nothing else was asked for.
    """
    words = (word for need in question.needs for word in need.folded)
    return (f"{CARD}.{EXACT}", f"body.{EXACT}") if STOP_WORDS.issuperset(words) else (CARD, f"body.{MARKED}")


def marking(question: Question, marked: str) -> Clause:
    """What is marked in such a field: every word and every other wording."""
    words = [word for need in question.needs for word in need.words]
    others = [other for need in question.needs for other in need.others]
    words += [other[0] for other in others if len(other) == 1]
    phrases = (" ".join(other) for other in others if len(other) > 1)
    return any_of(
        [{"match": {marked: " ".join(words)}}, *({"match_phrase": {marked: phrase}} for phrase in phrases)]
    )
