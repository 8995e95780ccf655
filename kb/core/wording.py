"""French for sentences that a program makes up."""

from __future__ import annotations

from .readers import Visibility

_RESTRICTED: dict[str, str] = {
    Visibility.PUBLIC: "",
    Visibility.MEMBERS: "Réservée aux membres de Vivier",
    Visibility.POLE: "Réservée aux membres du pôle",
}


def counted(number: int, words: str) -> str:
    """« 1 fiche comparée », « 3 fiches comparées »: every word takes an s from two on, as regular ones do."""
    plural = " ".join(f"{word}s" for word in words.split()) if number > 1 else words
    return f"{number:_} {plural}".replace("_", "\u202f")


def restriction(visibility: str) -> str:
    """Who else may read an item that the reader may read; nothing of a public one."""
    return _RESTRICTED.get(visibility, "Réservée")
