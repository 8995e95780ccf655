"""One line of a list: an item as it is shown before it is opened."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from kb.core.wording import restriction
from kb.poles.models import Pole
from resources.item import Item, ItemQuerySet
from resources.marks import Marks, marks_of


@dataclass(frozen=True)
class Entry:
    """`restricted` says who else may read it, and is empty for a public item; `pole` is a published one.

    `published_on` is the date of the version that is read; `reread` says that it was not the first.
    """

    id: int
    title: str
    summary: str
    kind: str
    kind_label: str
    url: str
    pole: Pole | None
    published_on: datetime.date | None
    restricted: str
    reread: bool
    is_demonstration: bool
    problem: str
    publics: tuple[str, ...]
    minutes: int | None
    formats: str


def newest_first(items: ItemQuerySet) -> ItemQuerySet:
    """By the date of the version that is read; the number decides between two of one moment."""
    return items.select_related("pole").order_by(F("last_published_at").desc(nulls_last=True), "-pk")


def is_reread(item: Item) -> bool:
    """Was a later version published than the first one, on another day?"""
    first, last = item.first_published_at, item.last_published_at
    return bool(first and last and timezone.localdate(first) != timezone.localdate(last))


def entries_of(items: Iterable[Item], request: HttpRequest) -> list[Entry]:
    """Entries of items that this reader may read: what is asked of `readers_of` is asked before."""
    shown = list(items)
    marks = marks_of(item.pk for item in shown)
    return [_entry(item, marks[item.pk], request) for item in shown]


def _entry(item: Item, marks: Marks, request: HttpRequest) -> Entry:
    kind: type[Item] = item.specific_class
    return Entry(
        id=item.pk,
        title=item.title,
        summary=item.summary,
        kind=kind.kind,
        kind_label=kind.kind_label,
        url=item.get_url(request) or "",
        pole=item.pole if item.pole and item.pole.live else None,
        published_on=item.last_published_at,
        restricted=restriction(item.visibility),
        reread=is_reread(item),
        is_demonstration=item.is_demonstration,
        problem=marks.problem,
        publics=marks.publics,
        minutes=marks.minutes,
        formats=marks.formats,
    )
