"""Blocks that several rooms use in their StreamFields."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from wagtail.blocks import RichTextBlock
from wagtail.rich_text import RichText

from .html import EDITOR_FEATURES, clean_html, plain_text, prose


class CleanRichTextBlock(RichTextBlock):
    """Rich text that is cleaned whichever way it comes in, as `CleanRichTextField` is, and again where it is shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("features", EDITOR_FEATURES)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: RichText) -> str:
        return clean_html(value.source or "")

    def value_from_form(self, value: str) -> RichText:
        return RichText(clean_html(value))

    def clean(self, value: RichText) -> RichText:
        return RichText(clean_html(super().clean(value).source))

    def render_basic(self, value: RichText, context: dict[str, Any] | None = None) -> SafeString:
        return prose(value.source or "")

    def get_searchable_content(self, value: RichText) -> list[str]:
        return [plain_text(value.source or "")]

    class Meta:
        icon = "pilcrow"
