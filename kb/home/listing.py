"""One page of a list. Whatever `page` says in the address, the answer is a page and, if need be, a notice."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest

from resources.item import ItemQuerySet

from .entries import Entry, entries_of, newest_first

PAGE_SIZE = 20


@dataclass(frozen=True)
class Listing:
    """`previous` and `next` are page numbers; `notice` tells that another page than the one asked for is shown."""

    entries: list[Entry]
    count: int
    number: int
    last: int
    previous: int | None
    next: int | None
    notice: str


def listing_of(items: ItemQuerySet, request: HttpRequest) -> Listing:
    """The page that `?page=` asks for, newest items first: the first one for nonsense, the last one beyond the end."""
    asked = request.GET.get("page", "1")
    paginator = Paginator(newest_first(items), PAGE_SIZE)
    page = paginator.get_page(asked)
    notice = "" if asked == str(page.number) else f"Cette page n’existe pas : voici la page {page.number}."
    return Listing(
        entries=entries_of(page.object_list, request),
        count=paginator.count,
        number=page.number,
        last=paginator.num_pages,
        previous=page.previous_page_number() if page.has_previous() else None,
        next=page.next_page_number() if page.has_next() else None,
        notice=notice,
    )
