"""Markdown of the demo content to a PDF file: a sheet that is printed as it is.

reportlab writes it, in pure Python, with the open typeface that it carries: text can be searched and copied.
"""

from __future__ import annotations

import io
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from markdown_it.token import Token
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, ListFlowable, ListItem, Paragraph, SimpleDocTemplate

from .markdown import parse

_FONTS = Path(reportlab.__file__).parent / "fonts"
_FAMILY = {
    "Vera": "Vera.ttf",
    "Vera-Bold": "VeraBd.ttf",
    "Vera-Italic": "VeraIt.ttf",
    "Vera-BoldItalic": "VeraBI.ttf",
}
#: What the typeface lacks, in one that every reader of PDF holds, or as its neighbour.
_BOX = '<font name="ZapfDingbats">\u274f</font>'
_LACKING = {"□": _BOX, "☐": _BOX, "\u202f": "\u00a0", "→": "&gt;"}
_INLINE = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "softbreak": " ",
    "hardbreak": "<br/>",
}
_BODY = ParagraphStyle("body", fontName="Vera", fontSize=10, leading=16, spaceAfter=6)
_HEADINGS = {
    "h1": ParagraphStyle("h1", _BODY, fontName="Vera-Bold", fontSize=16, leading=21, spaceAfter=10),
    "h2": ParagraphStyle(
        "h2", _BODY, fontName="Vera-Bold", fontSize=12, leading=17, spaceBefore=8, spaceAfter=4
    ),
    "h3": ParagraphStyle("h3", _BODY, fontName="Vera-Bold", spaceBefore=4, spaceAfter=2),
}


def to_pdf(markdown: str, title: str) -> bytes:
    """A4, in French; the same text always gives the same bytes."""
    _register()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=title,
        author="Vivier, contenu de démonstration",
        lang="fr-FR",
        invariant=1,
    )
    document.build(_flow(parse(markdown)))
    return buffer.getvalue()


def _register() -> None:
    if "Vera" in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in _FAMILY.items():
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / file)))
    pdfmetrics.registerFontFamily("Vera", *_FAMILY)


def _flow(tokens: list[Token]) -> list[Flowable]:
    """Blocks up to the end of the list; lists hold one level, as the demo's texts do."""
    made: list[Flowable] = []
    items: list[ListItem] = []
    item: list[Flowable] = []
    style, in_list = _BODY, False
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            items, in_list = [], True
        elif token.type == "list_item_open":
            item = []
        elif token.type == "list_item_close":
            items.append(ListItem(item))
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            kind = "1" if token.type.startswith("ordered") else "bullet"
            made.append(
                ListFlowable(items, bulletType=kind, bulletFontName="Vera", bulletFontSize=10, leftIndent=16)
            )
            in_list = False
        elif token.type == "heading_open":
            style = _HEADINGS.get(token.tag, _HEADINGS["h3"])
        elif token.type == "paragraph_open":
            style = _BODY
        elif token.type == "inline":
            (item if in_list else made).append(Paragraph(_line(token.children or []), style))
    return made


def _line(tokens: list[Token]) -> str:
    """reportlab's own small markup."""
    text = "".join(
        escape(token.content) if token.type == "text" else _INLINE.get(token.type, "") for token in tokens
    )
    for sign, instead in _LACKING.items():
        text = text.replace(sign, instead)
    return text
