"""What the search adds to Wagtail's admin."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from .coordination.viewsets import PUBLISHED, Searching


@hooks.register("register_admin_viewset")
def searching() -> Searching:
    return Searching()


@hooks.register("construct_page_chooser_queryset")
def published_in_chooser(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Only what is published can be pinned; other choosers are left as they are."""
    return pages.filter(live=True) if request.GET.get("user_perms") == PUBLISHED else pages
