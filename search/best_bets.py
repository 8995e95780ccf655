"""The items that the coordination pinned to a question, for the readers who may read them, as hits.

Read from the database: they are there whichever engine answers, or none. They stand above the answers of the plain
question alone (first page, by pertinence, no filter); the API has none, whoever uses it wants what search finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .database import hit_of
from .eligibility import eligible_items, kinds_by_content_type
from .engines.analysis import question_key
from .models import BestBet
from .request import SORTS, SearchRequest
from .results import Hit
from .serializing import Surroundings

#: Pinned items of one question that are shown.
MOST = 5


def best_bets(request: SearchRequest, readers: frozenset[str]) -> list[Hit]:
    """In the coordination's order. One query where nothing is pinned."""
    key = question_key(request.q)
    if not key or request.page != 1 or request.sort != SORTS[0] or request.filters:
        return []
    pinned = list(BestBet.objects.filter(key=key).values_list("item_id", flat=True))
    if not pinned:
        return []
    items = {item.pk: item for item in eligible_items().readable_with(readers).filter(pk__in=pinned)}
    if not items:
        return []
    around, kinds = Surroundings.load(), kinds_by_content_type()
    shown = [items[pk] for pk in pinned if pk in items][:MOST]
    return [hit_of(item, kinds[item.content_type_id], around, pinned=True) for item in shown]


def above(bets: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """One list: what is pinned, then the hits that are not. A hit that is pinned keeps the words that were found."""
    found, ids = {hit.id: replace(hit, pinned=True) for hit in hits}, {bet.id for bet in bets}
    return [*(found.get(bet.id, bet) for bet in bets), *(hit for hit in hits if hit.id not in ids)]
