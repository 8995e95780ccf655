"""The items that the coordination pinned to a question, for the readers who may read them, as hits.

Read from the database: they are there whichever engine answers, or none. They stand above the answers of the plain
question alone (first page, by pertinence, no filter); the API has none, whoever uses it wants what search finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .analysis import question_key
from .database import hit_of
from .index.eligibility import eligible_items, kinds_by_content_type
from .index.serializing import Surroundings
from .models import BestBet
from .request import SORTS, SearchRequest
from .results import Hit, SearchResults

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


def pinned_above(results: SearchResults, bets: Sequence[Hit]) -> SearchResults:
    """The same answer with the bets before its hits, and nothing twice; its count tells what search found.

    A bet that is a hit of the page keeps the words that were found.
    """
    ids = {bet.id for bet in bets}
    found = {hit.id: replace(hit, pinned=True) for hit in results.hits if hit.id in ids}
    return replace(
        results,
        hits=(
            *(found.get(bet.id, bet) for bet in bets),
            *(hit for hit in results.hits if hit.id not in ids),
        ),
        nearest=tuple(hit for hit in results.nearest if hit.id not in ids),
    )
