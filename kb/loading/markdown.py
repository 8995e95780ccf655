"""Markdown of the demo content, read once for every form that is made of it: HTML here, ODT and PDF beside.

Attachments are Markdown in the repository, so that they can be read, compared and corrected there; they are made
into real office files when they are loaded.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False})
# A line that ends in the source ends no line of the text.
_markdown.add_render_rule("softbreak", lambda *_: " ")


def parse(markdown: str) -> list[Token]:
    """Its blocks, in order; what stands in a line hangs on the token « inline »."""
    return _markdown.parse(markdown)


def to_html(markdown: str) -> str:
    """On one line, as the editor writes it: a comparison of versions takes a line break for a change."""
    return str(_markdown.render(markdown)).replace("\n", "")
