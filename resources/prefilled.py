"""A new item's title from the address of its form: who searched in vain begins with the words of the search.

Wagtail's signal for a new page knows no request, and its hook that knows it has no page yet: the one hands the title
to the other.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from .item import Item

TITLE = "titre"
"""The parameter, of the form and of the workspace's home."""

LONGEST = 255

_title: ContextVar[str] = ContextVar("title of a new item", default="")


def remember_title(request: HttpRequest, parent: Page, model: type[Page]) -> None:
    """Wagtail's hook `before_create_page`."""
    title = " ".join(request.GET.get(TITLE, "").replace("\x00", "").split())
    _title.set(title[:1].upper() + title[1:LONGEST])


def fill_title(page: Page, **kwargs: Any) -> None:
    """Wagtail's signal `init_new_page`; what is then sent by the form stands above it."""
    if isinstance(page, Item) and not page.title:
        page.title = _title.get()
