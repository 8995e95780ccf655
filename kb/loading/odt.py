"""Markdown of the demo content to an ODT file: a document that its reader changes before using it."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from markdown_it.token import Token

from .markdown import parse

_MIMETYPE = "application/vnd.oasis.opendocument.text"
_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>'
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/></text:list-style>'
    '<text:list-style style:name="U"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    "</text:list-style></office:automatic-styles>"
)
_BLOCKS = {
    "paragraph_open": "<text:p>",
    "paragraph_close": "</text:p>",
    "heading_close": "</text:h>",
    "ordered_list_open": '<text:list text:style-name="N">',
    "ordered_list_close": "</text:list>",
    "bullet_list_open": '<text:list text:style-name="U">',
    "bullet_list_close": "</text:list>",
    "list_item_open": "<text:list-item>",
    "list_item_close": "</text:list-item>",
    "strong_open": '<text:span text:style-name="B">',
    "strong_close": "</text:span>",
    "em_open": '<text:span text:style-name="I">',
    "em_close": "</text:span>",
    "softbreak": " ",
    "hardbreak": "<text:line-break/>",
}


def to_odt(markdown: str) -> bytes:
    """An ODT file; the same text always gives the same bytes."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.2">'
        f"{_STYLES}<office:body><office:text>{_odf(parse(markdown))}</office:text></office:body>"
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # The mimetype comes first and uncompressed: that is how office software and `accept` know the file.
        for name, text, method in (
            ("mimetype", _MIMETYPE, zipfile.ZIP_STORED),
            ("content.xml", content, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, method)
    return buffer.getvalue()


def _odf(tokens: list[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts.append(_odf(token.children or []))
        elif token.type == "text":
            parts.append(escape(token.content))
        elif token.type == "heading_open":
            parts.append(f'<text:h text:outline-level="{token.tag[1]}">')
        else:
            parts.append(_BLOCKS.get(token.type, ""))
    return "".join(parts)
