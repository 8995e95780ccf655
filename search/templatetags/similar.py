"""`{% similar_items page as similar %}`: published items about the same, as the reader may; none without an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from kb.accounts.tokens import tokens_of
from resources.models import Item
from search.answering import similar_ids
from search.choices import kind_label
from search.index.eligibility import eligible_items, kinds_by_content_type

register = template.Library()


@dataclass(frozen=True)
class Similar:
    """One of them, as a line of a list."""

    id: int
    title: str
    url: str
    kind: str
    kind_label: str


@register.simple_tag(takes_context=True)
def similar_items(context: Context, page: Item) -> list[Similar]:
    """Best first. One query: what the index names is read from the database with the rights of now."""
    request: Any = context["request"]
    readers = tokens_of(request.user)
    ids = similar_ids(page.pk, readers)
    if not ids:
        return []
    items = {item.pk: item for item in eligible_items().readable_with(readers).filter(pk__in=ids)}
    kinds = kinds_by_content_type()
    found = [items[pk] for pk in ids if pk in items]
    return [
        Similar(
            item.pk,
            item.title,
            item.get_url(request),
            kinds[item.content_type_id],
            kind_label(kinds[item.content_type_id]),
        )
        for item in found
    ]
