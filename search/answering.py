"""The one way from a question to an answer: the engine, or the database when no engine can answer."""

from __future__ import annotations

import logging
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


def answer(request: SearchRequest, readers: frozenset[str]) -> SearchResults:
    """What `readers` (tokens of a person) may find. Never raises for want of an engine."""
    try:
        found = get_engine().search(request, readers)
    except EngineUnavailable as error:
        logger.warning("answered from the database: %s", error.reason)
        return database.search(request, readers)
    return _as_of_now(found, readers)


def _as_of_now(found: SearchResults, readers: frozenset[str]) -> SearchResults:
    """Without the items that these readers may read no more: the index follows a retirement after a moment only.

    Each hit that is left says who else may read it.
    """
    ids = [hit.id for hit in found.hits]
    readable = dict(Item.objects.readable_with(readers).filter(pk__in=ids).values_list("pk", "visibility"))
    hits = tuple(
        replace(hit, restricted=restriction(readable[hit.id])) for hit in found.hits if hit.id in readable
    )
    return replace(found, hits=hits, count=found.count - len(ids) + len(readable))


def suggestions(prefix: str, readers: frozenset[str]) -> list[str]:
    """Titles and labels; none without an engine."""
    try:
        texts = get_engine().suggest(prefix, readers)
    except EngineUnavailable as error:
        logger.warning("no suggestions: %s", error.reason)
        return []
    changed = Item.objects.filter(pk__in=SearchChange.objects.values("item_id"), title__in=texts)
    named = Item.objects.readable_with(readers).filter(title__in=texts).values_list("title", flat=True)
    withheld = set(changed.values_list("title", flat=True)) - set(named)
    return [text for text in texts if text not in withheld]
