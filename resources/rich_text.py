"""Links to pages in texts: an address is made out of a title, so nobody gets one of a page that they may not read."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import escape
from wagtail.admin.rich_text.converters.html_to_contentstate import PageLinkElementHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from kb.core.readers import ALL, readers_of

from .admin_reading import is_named_to_who_looks
from .item import Item


class PublishedPageLink(PageLinkHandler):
    """On a page: a link to what is not online is text without a link.

    Who reads the text is not known here: what not everybody may read is named by its number, at the address of
    drafts, which sends those who may on to it and tells the others nothing.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        return [page if page is not None and page.live else None for page in super().get_many(attrs_list)]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [
            f'<a href="{escape(_address(page))}">' if page is not None else "<a>"
            for page in cls.get_many(attrs_list)
        ]


def _address(page: Page) -> str:
    if isinstance(page, Item) and ALL not in readers_of(page):
        return reverse("draft", args=[page.pk])
    return str(page.url)


class NamedPageLink(PageLinkElementHandler):
    """In the editor: a link to what its writer may not read stays one, without an address."""

    def get_attribute_data(self, attrs: dict[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = super().get_attribute_data(attrs)
        page = Page.objects.filter(pk=data["id"]).first()
        if page is not None and not is_named_to_who_looks(page):
            data["url"] = None
        return data
