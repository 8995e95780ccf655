"""The mail of a saved search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from kb.accounts.tokens import tokens_of
from kb.core.mail import Addressee, Notification
from kb.core.typography import typeset
from resources.models import Item
from search.index.serializing import Surroundings
from search.models import SavedSearch
from search.request import SearchRequest

from .description import describe

MOST_TOLD = 10


@dataclass(frozen=True)
class Told:
    """One new answer; `url` without the site."""

    title: str
    url: str


class NewAnswers(Notification):
    """To whom saved the search: what is new in it, the newest first.

    Its head carries what mail programs make a button of, to stop without reading (RFC 8058).
    """

    room = "search"
    name = "news"

    @classmethod
    def of(cls, saved: SavedSearch, request: SearchRequest, items: Sequence[Item]) -> NewAnswers:
        """`items` are all that is new; the first of them are named."""
        (description,) = describe([request], tokens_of(saved.user))
        around = Surroundings.load()
        return cls(
            description=description,
            told=[Told(typeset(item.title), around.url(item)) for item in items[:MOST_TOLD]],
            count=len(items),
            more=max(0, len(items) - MOST_TOLD),
            search=f"{reverse('search')}?{saved.address}&sort=date",
            every=saved.get_every_display(),
            stop=reverse("saved-search-stop", args=[saved.token]),
        )

    def headers(self, person: Addressee) -> dict[str, str]:
        return {
            "List-Unsubscribe": f"<{settings.WAGTAILADMIN_BASE_URL}{self.context['stop']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
