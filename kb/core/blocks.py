"""Blocks that several rooms use in their StreamFields."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from wagtail.blocks import BaseStructBlock, ListBlock, RichTextBlock, StreamBlock
from wagtail.blocks.base import Block
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

    def through_the_editor(self, value: RichText) -> str:
        """As it comes back from an editor in which nobody typed."""
        converter, text = self.field.widget.converter, clean_html(value.source or "")
        return clean_html(str(converter.to_database_format(converter.from_database_format(text))))

    def render_basic(self, value: RichText, context: dict[str, Any] | None = None) -> SafeString:
        return prose(value.source or "")

    def get_searchable_content(self, value: RichText) -> list[str]:
        return [plain_text(value.source or "")]

    class Meta:
        icon = "pilcrow"


def as_the_editor_writes(block: Block, value: Any) -> Any:
    """A block's value as plain data that compares: ids, order and texts, each text as the editor would send it back."""
    if isinstance(block, CleanRichTextBlock):
        return block.through_the_editor(value)
    if isinstance(block, StreamBlock):
        return [
            (child.block_type, child.id, as_the_editor_writes(child.block, child.value)) for child in value
        ]
    if isinstance(block, ListBlock):
        return [
            (child.id, as_the_editor_writes(block.child_block, child.value)) for child in value.bound_blocks
        ]
    if isinstance(block, BaseStructBlock):
        return {name: as_the_editor_writes(child, value[name]) for name, child in block.child_blocks.items()}
    return block.get_prep_value(value)
