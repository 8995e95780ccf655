"""What Wagtail's catch-all may show. Deny by default: a page type that is not named here is not served.

Lists have addresses of their own, tried before the catch-all; their pages in the tree only hold the others.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.models import Page

from kb.accounts.tokens import tokens_of
from kb.core.readers import readers_of
from kb.poles.models import Pole, PoleIndex
from resources.item import Item
from resources.models import TeachingIndex, TrainingIndex

from . import lists
from .models import HomePage

#: Where the pages that only hold others send their reader.
ADDRESSES: dict[type[Page], str] = {
    HomePage: "home",
    TeachingIndex: "teaching-list",
    TrainingIndex: "training-list",
    PoleIndex: "pole-list",
}


def guard(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Wagtail's `before_serve_page`: None lets the page be served. Raises Http404 for who may not read it."""
    if type(page) in ADDRESSES:
        return redirect(ADDRESSES[type(page)])
    if isinstance(page, Pole):
        return lists.pole(request, page)
    if isinstance(page, Item) and readers_of(page) & tokens_of(request.user):
        return None
    raise Http404
