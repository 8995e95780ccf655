"""The one way from a question to an answer: the engine, or the database when no engine can answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from django.db.models import Exists, OuterRef

from kb.core.wording import restriction
from resources.models import Item

from . import database
from .analysis import fold, words_of
from .engines import get_engine
from .engines.base import EngineLeftAlone, EngineUnavailable, SearchEngine
from .engines.patience import patience
from .models import SearchChange, SynonymRule
from .nearest import nearest_items
from .request import SearchRequest
from .results import Hit, SearchResults
from .synonyms import Rule, Synonyms, shipped_rules
from .understanding import understand

logger = logging.getLogger("vivier.search")

#: More are retired at once only by a mishap; each stands in every question to the engine.
MOST_WITHHELD = 5_000


def answer(request: SearchRequest, readers: frozenset[str], *, nearest: bool = True) -> SearchResults:
    """What `readers` (tokens of a person) may find. Never raises for want of an engine."""
    return answer_each([request], readers, nearest=nearest)[0]


def answer_each(
    requests: Sequence[SearchRequest], readers: frozenset[str], *, nearest: bool = True
) -> list[SearchResults]:
    """The answer to each request, in order; the database is asked once for all of them, however many they are.

    `nearest`: with the nearest items, where a first page has few answers; they cost a second search.

    An engine that cannot answer one is not asked for the next: every wait would be added to the page. All of them
    together wait as long as one.
    """
    try:
        engine, hidden = get_engine(), withheld(readers)
        known = synonyms() if any(request.q.strip() for request in requests) else None
        with patience():
            found = [_answer(engine, request, readers, hidden, known, nearest) for request in requests]
    except EngineUnavailable as error:
        log_unavailable("answered from the database", error)
        return [database.search(request, readers) for request in requests]
    return [
        replace(results, correction=as_written(results.correction, request.q, results))
        if results.correction
        else results
        for request, results in zip(requests, _as_of_now(found, readers), strict=True)
    ]


def how_many(
    request: SearchRequest, tries: Sequence[Mapping[str, tuple[str, ...]]], readers: frozenset[str]
) -> list[int]:
    """How much the request finds with each of these filters instead of its own; nothing without an engine."""
    try:
        engine, hidden = get_engine(), withheld(readers)
        with patience():
            meant = understood(engine, request, readers, hidden, synonyms())
            return list(engine.totals(meant, tries, readers, hidden))
    except EngineUnavailable as error:
        log_unavailable("no ways out", error)
        return []


def found_ids(request: SearchRequest, readers: frozenset[str]) -> tuple[int, ...]:
    """The ids of all that `answer` would find, newest first. Raises EngineUnavailable: nobody waits for it."""
    engine, hidden = get_engine(), withheld(readers)
    wanted = understood(engine, replace(request, sort="date"), readers, hidden, synonyms())
    ids = engine.find_ids(wanted, readers, hidden)
    readable = set(Item.objects.readable_with(readers).filter(pk__in=ids).values_list("pk", flat=True))
    return tuple(pk for pk in ids if pk in readable)


def understood(
    engine: SearchEngine,
    request: SearchRequest,
    readers: frozenset[str],
    hidden: frozenset[int],
    known: Synonyms | None,
) -> SearchRequest:
    """The same request with its question understood; its `q` is what is searched."""
    if not request.q.strip() or request.question:
        return request
    meant = understand(request.q, engine, readers, hidden, known, correct=not request.as_typed)
    return replace(request, q=meant.q, question=meant.question)


def _answer(
    engine: SearchEngine,
    request: SearchRequest,
    readers: frozenset[str],
    hidden: frozenset[int],
    known: Synonyms | None,
    nearest: bool,
) -> SearchResults:
    wanted = understood(engine, request, readers, hidden, known)
    results = engine.search(wanted, readers, hidden)
    near = nearest_items(engine, wanted, readers, results.hits, hidden) if nearest else []
    corrected = wanted.q if words_of(wanted.q) != words_of(request.q) else None
    return replace(results, nearest=tuple(near), correction=corrected)


def as_written(searched: str, typed: str, results: SearchResults) -> str:
    """The searched text with its corrected words as the hits write them: the index holds them without accents."""
    hits = (*results.hits, *results.nearest)
    marked = (part.text for hit in hits for part in (*hit.title_segments, *hit.snippet) if part.found)
    written: dict[str, str] = {}
    for text in (*marked, *(text for hit in hits for text in (hit.title, hit.summary))):
        for word in words_of(text):
            written.setdefault(fold(word), word.lower())
    as_typed = set(words_of(typed))
    return re.sub(
        r"[^\W_]+",
        lambda word: word[0] if word[0] in as_typed else written.get(word[0], word[0]),
        searched,
    )


def _as_of_now(found: list[SearchResults], readers: frozenset[str]) -> list[SearchResults]:
    """Without the items that these readers may read no more: the index follows a retirement after a moment only.

    Each hit that is left says who else may read it.
    """
    ids = {hit.id for results in found for hit in (*results.hits, *results.nearest)}
    readable = dict(Item.objects.readable_with(readers).filter(pk__in=ids).values_list("pk", "visibility"))

    def left(hits: Iterable[Hit]) -> tuple[Hit, ...]:
        return tuple(
            replace(hit, restricted=restriction(readable[hit.id])) for hit in hits if hit.id in readable
        )

    def now(results: SearchResults) -> SearchResults:
        hits = left(results.hits)
        count = results.count - len(results.hits) + len(hits)
        return replace(results, hits=hits, nearest=left(results.nearest), count=count)

    return [now(results) for results in found]


def similar_ids(item: int, readers: frozenset[str], limit: int = 4) -> list[int]:
    """Ids of items about the same, best first; none without an engine. The caller asks the database for the rights."""
    try:
        return list(get_engine().similar(item, readers, limit=limit))
    except EngineUnavailable as error:
        log_unavailable("no similar items", error)
        return []


def synonyms() -> Synonyms:
    """All that are in force now. One query: what the coordination adds holds for the next search."""
    return _synonyms(tuple(SynonymRule.objects.order_by("pk").values_list("line", flat=True)))


@lru_cache(maxsize=2)
def _synonyms(lines: tuple[str, ...]) -> Synonyms:
    rules = list(shipped_rules())
    for line in lines:
        try:
            rules.append(Rule.read(line))
        except ValueError:  # written past the form: the other lines hold
            logger.warning("a line of synonyms cannot be read: %s", line)
    return Synonyms(rules)


def log_unavailable(what: str, error: EngineUnavailable) -> None:
    """In the log, unless the engine was not asked: an outage would fill it with a line a reader."""
    if not isinstance(error, EngineLeftAlone):
        logger.warning("%s: %s", what, error.reason)


def withheld(readers: frozenset[str]) -> frozenset[int]:
    """Ids that wait in the outbox and that these readers may not read now: retired or narrowed a moment ago."""
    readable = Item.objects.readable_with(readers).filter(pk=OuterRef("item_id"))
    waiting = SearchChange.objects.filter(~Exists(readable)).values_list("item_id", flat=True)
    return frozenset(waiting.distinct()[:MOST_WITHHELD])
