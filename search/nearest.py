"""The nearest items: what meets some of a question, for a first page that has few answers or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .engines.base import SearchEngine
from .request import SearchRequest
from .results import Hit

FEW = 10
"""A first page with fewer answers is filled up to as many."""


def nearest_items(
    engine: SearchEngine,
    request: SearchRequest,
    readers: frozenset[str],
    hits: Iterable[Hit],
    withheld: frozenset[int] = frozenset(),
) -> list[Hit]:
    """What the same question finds when one of its words is enough, best first, without the hits.

    Raises EngineUnavailable.
    """
    found = {hit.id for hit in hits}
    question = request.understood
    if len(found) >= FEW or request.page > 1 or not question.enough:
        return []
    loose = replace(request, question=question.loosely, page_size=FEW, sort="pertinence")
    nearest = [hit for hit in engine.search(loose, readers, withheld).hits if hit.id not in found]
    return nearest[: FEW - len(found)]
