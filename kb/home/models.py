from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from kb.core.pages import BasePage


class HomePage(BasePage):
    """The root of the site's tree, at /."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "resources.TeachingIndex",
        "resources.TrainingIndex",
        "poles.PoleIndex",
    ]
    promote_panels: ClassVar[list[Any]] = []
    preview_modes: ClassVar[list[Any]] = []  # shown by a list of its own

    class Meta:
        verbose_name = "accueil"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page at an address, in two queries whatever its depth; Wagtail asks two a level.

        A page's whole address is kept with it (`url_path`), and its last part is indexed.
        """
        if not path_components:
            return super().route(request, path_components)
        address = f"{self.url_path}{'/'.join(path_components)}/"
        found = Page.objects.filter(slug=path_components[-1], url_path=address).first()
        if found is None:
            raise Http404
        return found.specific.route(request, [])
