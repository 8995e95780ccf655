"""The name under which a file is shown and handed out: nothing of a path, nothing that deceives the eye."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 150
_SEPARATORS = re.compile(r"[/\\]")
_SPACES = re.compile(r"\s+")
# Letters, marks, digits, punctuation and symbols; spaces are folded. Not control characters, not the invisible ones
# that turn the reading direction (U+202E makes « …fdp.exe » read « …exe.pdf »), not private or lone surrogates.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Refused by Windows, where most of the files land.
_REFUSED_CHARACTERS = frozenset('<>:"|?*')
_ELISION = "…"


def extension_of(name: str) -> str:
    """In lower case, without the dot; empty when there is none."""
    stem, dot, extension = _SEPARATORS.split(name)[-1].rpartition(".")
    return _clean(extension).lower() if dot and stem else ""


def clean_name(name: str, extension: str) -> str:
    """`name` fit to be shown, 150 characters at most, ending in `.extension` (the content's own)."""
    stem = _clean(_SEPARATORS.split(name)[-1])
    if stem.lower().endswith(f".{extension}"):
        stem = stem[: -len(extension) - 1]
    stem = stem.strip(" .") or "fichier"
    room = MAX_LENGTH - len(extension) - 1
    if len(stem) > room:
        stem = stem[: room - 1].rstrip(" .") + _ELISION
    return f"{stem}.{extension}"


def _clean(text: str) -> str:
    # A line break is a space before it is a control character; what is taken out may leave two spaces.
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    kept = (
        c for c in text if unicodedata.category(c) not in _REFUSED_CATEGORIES and c not in _REFUSED_CHARACTERS
    )
    return _SPACES.sub(" ", "".join(kept)).strip()
