"""French for sentences that a program makes up."""

from __future__ import annotations


def counted(number: int, words: str) -> str:
    """« 1 fiche comparée », « 3 fiches comparées »: every word takes an s from two on, as regular ones do."""
    plural = " ".join(f"{word}s" for word in words.split()) if number > 1 else words
    return f"{number:_} {plural}".replace("_", "\u202f")
