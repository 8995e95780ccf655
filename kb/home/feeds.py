"""/flux/: the latest items that everybody may read. It says the same to whoever asks, signed in or not."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from resources.item import Item
from search.document import clean_text

from .entries import newest_first

LENGTH = 30


def absolute(path: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom. Entries are named by number, so that an item that moves is not a new one."""
    made = Atom1Feed(
        title="Vivier : les dernières publications",
        link=absolute(reverse("home")),
        description="Ressources, formations et pratiques des pôles de stages",
        language="fr",
        feed_url=absolute(reverse("feed")),
    )
    for item in newest_first(Item.objects.readable_by(AnonymousUser()))[:LENGTH]:
        made.add_item(**_entry(item, request))
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _entry(item: Item, request: HttpRequest) -> dict[str, Any]:
    first, last = item.first_published_at, item.last_published_at
    unknown = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return {
        # No XML can hold a control character, and a title pasted from elsewhere can.
        "title": clean_text(item.title),
        "description": escape(clean_text(item.summary)),  # Django says that it is HTML
        "link": absolute(item.get_url(request) or ""),
        "unique_id": absolute(reverse("draft", args=[item.pk])),
        "pubdate": first or last or unknown,
        "updateddate": last or first or unknown,
        "categories": [item.specific_class.kind_label],
    }
