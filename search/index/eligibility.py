"""May an item be in the index? Said once of one item and once of a queryset; a test proves them equal.

Who may read it is another question, which `readers_of` answers: what only members read is in the index too, and
only members find it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType

from resources.models import Item, PracticeSheet, TeachingResource, Training

#: The kinds that can be found, by their code in addresses, API and index.
KINDS: dict[str, type[Item]] = {model.kind: model for model in (TeachingResource, Training, PracticeSheet)}


def is_eligible(item: Item) -> bool:
    """Published, and of a kind that search knows."""
    return item.live and item.kind in KINDS


def eligible_items() -> Any:
    """The same in SQL, as `Item`s by growing id."""
    return Item.objects.filter(live=True, content_type__in=kinds_by_content_type()).order_by("pk")


def eligible_ids(size: int) -> Iterator[list[int]]:
    """The ids of all of them in portions of `size`, by growing id; no cursor stays open between two portions."""
    last = 0
    while ids := list(eligible_items().filter(pk__gt=last).values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def kinds_by_content_type() -> dict[int, str]:
    """The code of the kind of an item that was read as a plain `Item`. Content types are cached: no query."""
    return {ContentType.objects.get_for_model(model).pk: kind for kind, model in KINDS.items()}
