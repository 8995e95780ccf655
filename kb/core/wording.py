"""French for sentences that a program makes up."""

from __future__ import annotations

from decimal import Decimal

from .readers import Visibility

_RESTRICTED: dict[str, str] = {
    Visibility.PUBLIC: "",
    Visibility.MEMBERS: "Réservée aux membres de Vivier",
    Visibility.POLE: "Réservée aux membres du pôle",
}


_ALWAYS_S = {"mois", "fois", "pas", "cours", "repas"}


def counted(number: int, words: str) -> str:
    """« 1 fiche comparée », « 3 fiches comparées »: every word takes an s from two on, as regular ones do."""
    plural = " ".join(f"{word}s" for word in words.split()) if number > 1 else words
    return f"{number:_} {plural}".replace("_", "\u202f")


def measured(value: Decimal, unit: str) -> str:
    """« 1 place », « 18 places », « 2,5 jours »: a unit is typed in the plural, and below two French says one."""
    number = f"{value.normalize():,f}".replace(",", "\u202f").replace(".", ",")
    words = unit.split()
    if abs(value) < 2 and words and words[0] not in _ALWAYS_S:
        words[0] = words[0].removesuffix("s")
    return "\u00a0".join([number, " ".join(words)]) if words else number


def restriction(visibility: str) -> str:
    """Who else may read an item that the reader may read; nothing of a public one."""
    return _RESTRICTED.get(visibility, "Réservée")
