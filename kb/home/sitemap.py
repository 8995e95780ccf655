"""/sitemap.xml: the addresses that everybody may read, and no other.

Wagtail's own site map asks its page privacy, which is switched off here, and would list what members alone read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kb.poles.models import Pole
from resources.item import Item

from .feeds import absolute

#: Addresses in one file; the protocol ends at 50,000.
SIZE = 20_000
PAGES = (
    "home",
    "teaching-list",
    "training-list",
    "pole-list",
    "teach",
    "welcome",
    "lead",
    "help",
    "site-plan",
    "accessibility",
    "legal",
    "privacy",
)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """One file while it fits; beyond, `?page=N` are the files and the bare address is their index."""
    items = Item.objects.readable_by(AnonymousUser()).order_by("pk")
    files = max(1, -(-items.count() // SIZE))
    asked = request.GET.get("page")
    if asked is None and files > 1:
        locations = [absolute(f"{reverse('sitemap')}?page={number}") for number in range(1, files + 1)]
        return _xml(request, "home/sitemap_index.xml", {"locations": locations})
    if asked is not None and asked not in {str(number) for number in range(1, files + 1)}:
        raise Http404
    number = int(asked or 1)
    chosen = items[(number - 1) * SIZE : number * SIZE].only("url_path", "last_published_at")
    addresses = [*(_fixed(request) if number == 1 else []), *_items(request, chosen)]
    return _xml(request, "home/sitemap.xml", {"addresses": addresses})


def _fixed(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for name in PAGES:
        yield {"location": absolute(reverse(name)), "changed": None}
    for pole in Pole.objects.live().order_by("pk"):
        yield {"location": absolute(pole.get_url(request) or ""), "changed": pole.last_published_at}


def _items(request: HttpRequest, items: Any) -> Iterator[dict[str, Any]]:
    for item in items:
        yield {"location": absolute(item.get_url(request) or ""), "changed": item.last_published_at}


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
