"""What the items change in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler
from wagtail.admin.site_summary import SummaryItem
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.signals import init_new_page

from kb.accounts.tokens import is_coordination

from .admin_reading import pages_named_to
from .home_panels import panels_for
from .prefilled import fill_title, remember_title
from .rich_text import NamedPageLink, PublishedPageLink
from .viewsets import VivierPages

hooks.register("before_create_page", remember_title)
init_new_page.connect(fill_title, dispatch_uid="resources_fill_title")


@hooks.register("register_admin_viewset")
def page_viewset() -> VivierPages:
    return VivierPages()


@hooks.register("construct_page_chooser_queryset")
def named_in_choosers(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return pages.filter(pk__in=pages_named_to(request.user).values("pk"))


@hooks.register("construct_explorer_page_queryset")
def named_in_explorer(parent: Page, pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return pages.filter(pk__in=pages_named_to(request.user).values("pk"))


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = panels_for(panels, request)


@hooks.register("construct_homepage_summary_items", order=1000)
def counts_for_coordination(request: HttpRequest, items: list[SummaryItem]) -> None:
    """They count every page, picture and document, read or not."""
    items[:] = [item for item in items if item.order == 100] if is_coordination(request.user) else []


@hooks.register("register_rich_text_features", order=1000)
def page_links(features: FeatureRegistry) -> None:
    features.register_link_type(PublishedPageLink)
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {
                "a[href]": ExternalLinkElementHandler("LINK"),
                'a[linktype="page"]': NamedPageLink("LINK"),
            },
            "to_database_format": {"entity_decorators": {"LINK": link_entity}},
        },
    )
