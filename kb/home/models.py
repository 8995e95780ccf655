from __future__ import annotations

from typing import Any, ClassVar

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
