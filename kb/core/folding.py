"""One spelling for what people type in several: « Égalité filles-garçons » and « egalite filles garçons »."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or punctuation; words joined by one hyphen. Empty when nothing is left."""
    # Taken apart twice: « ™ » gives capitals, and a small « İ » a mark of its own.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("œ", "oe").replace("æ", "ae")
    return _NOT_WORD.sub("-", text).strip("-")
