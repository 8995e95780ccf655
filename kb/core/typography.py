"""French as it is printed: what authors type with the spaces of a keyboard gets those of a typesetter.

Only text is touched: tags, their attributes and what must be read letter by letter (`code`, `pre`, `textarea`,
`script`, `style`) pass unchanged, and nothing is added or taken away that a reader could hear.
"""

from __future__ import annotations

import re

NARROW = "\u202f"
"""Fine insécable."""
WIDE = "\u00a0"
"""Espace insécable."""

# A tag with its quoted attributes, a comment, or an element whose content is not prose.
_MARKUP = re.compile(
    r"<!--.*?-->|<(code|pre|textarea|script|style|title)\b.*?</\1\s*>|<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^'\">])*>",
    re.DOTALL | re.IGNORECASE,
)
_ENTITIES = re.compile(r"&(nbsp|#160|#xa0|#39|#x27|apos);", re.IGNORECASE)
_UNITS = "min|h|km|m|cm|kg|ko|Mo|ans|an|jours|jour|semaines|semaine|mois|heures|heure|minutes|élèves|€|%"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    # From the first of its spaces on: a long run of them is read once.
    (re.compile(r"(?<![ \u00a0])[ \u00a0]+(?=[;:!?]+(?:\s|$|[.,)»<…]))"), NARROW),
    (re.compile(r"«\s*"), f"«{WIDE}"),
    (re.compile(r"(?<!\s)\s*»"), f"{WIDE}»"),
    (re.compile(rf"(?<=\d)[ \u00a0](?=(?:{_UNITS})(?!\w))"), WIDE),
    (re.compile(r"(?<!\d)(\d{1,3})[ \u00a0](?=\d{3}(?!\d))"), rf"\1{NARROW}"),
    (re.compile(r"\b(n[°os]|p\.|art\.) (?=\d)"), rf"\1{WIDE}"),
)


def typeset(text: str) -> str:
    """Plain text, as it is printed."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def typeset_html(html: str) -> str:
    """The text between the tags of `html`, as it is printed; the tags as they were."""
    made: list[str] = []
    end = 0
    for markup in _MARKUP.finditer(html):
        made += [_stretch(html[end : markup.start()]), markup.group()]
        end = markup.end()
    made.append(_stretch(html[end:]))
    return "".join(made)


def _stretch(text: str) -> str:
    """Text between two tags; a sign may have been escaped."""
    if not text or text.isspace():
        return text
    return typeset(_ENTITIES.sub(_unescaped, text))


def _unescaped(entity: re.Match[str]) -> str:
    return WIDE if entity[1].casefold() in ("nbsp", "#160", "#xa0") else "'"
