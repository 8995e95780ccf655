"""The one way from a question to an answer: the engine, or the database when no engine can answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from kb.core.wording import restriction
from resources.models import Item

from . import database
from .engines import get_engine
from .engines.base import EngineUnavailable
from .models import SearchChange
from .request import SearchRequest
from .results import SearchResults

logger = logging.getLogger("vivier.search")

#: Waiting items that are looked at one by one; more wait only while a whole vocabulary is being changed.
MOST_WAITING = 5_000


def answer(request: SearchRequest, readers: frozenset[str]) -> SearchResults:
    """What `readers` (tokens of a person) may find. Never raises for want of an engine."""
    return answer_each([request], readers)[0]


def answer_each(requests: Sequence[SearchRequest], readers: frozenset[str]) -> list[SearchResults]:
    """The answer to each request, in order; the database is asked once for all of them, however many they are.

    An engine that cannot answer one is not asked for the next: every wait would be added to the page.
    """
    try:
        engine, hidden = get_engine(), withheld(readers)
        found = [engine.search(request, readers, hidden) for request in requests]
    except EngineUnavailable as error:
        logger.warning("answered from the database: %s", error.reason)
        return [database.search(request, readers) for request in requests]
    return _as_of_now(found, readers)


def _as_of_now(found: list[SearchResults], readers: frozenset[str]) -> list[SearchResults]:
    """Without the items that these readers may read no more: the index follows a retirement after a moment only.

    Each hit that is left says who else may read it.
    """
    ids = {hit.id for results in found for hit in results.hits}
    readable = dict(Item.objects.readable_with(readers).filter(pk__in=ids).values_list("pk", "visibility"))

    def now(results: SearchResults) -> SearchResults:
        hits = tuple(
            replace(hit, restricted=restriction(readable[hit.id]))
            for hit in results.hits
            if hit.id in readable
        )
        return replace(results, hits=hits, count=results.count - len(results.hits) + len(hits))

    return [now(results) for results in found]


def all_ids(request: SearchRequest, readers: frozenset[str]) -> tuple[int, ...]:
    """The ids of what `answer` finds on all its pages, newest first.

    Raises `EngineUnavailable`: the database finds other things, which cannot be compared with what an engine found.
    """
    return get_engine().find_ids(request, readers, withheld(readers))


def suggestions(prefix: str, readers: frozenset[str]) -> list[str]:
    """Titles and labels; none without an engine."""
    try:
        return get_engine().suggest(prefix, readers, withheld(readers))
    except EngineUnavailable as error:
        logger.warning("no suggestions: %s", error.reason)
        return []


def withheld(readers: frozenset[str]) -> frozenset[int]:
    """Ids that wait in the outbox and that these readers may not read now: retired, deleted or narrowed a moment ago.

    One query, and a second one when something waits.
    """
    waiting = set(SearchChange.objects.values_list("item_id", flat=True).distinct()[:MOST_WAITING])
    if not waiting:
        return frozenset()
    readable = Item.objects.readable_with(readers).filter(pk__in=waiting).values_list("pk", flat=True)
    return frozenset(waiting.difference(readable))
