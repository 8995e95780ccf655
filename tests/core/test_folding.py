from __future__ import annotations

import pytest

from kb.core.folding import fold, slug_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Égalité filles-garçons", "egalite-filles-garcons"),
        ("EGALITE  filles garcons", "egalite-filles-garcons"),
        ("E\u0301galite\u0301 filles\u00a0garc\u0327ons", "egalite-filles-garcons"),
        ("L’œuvre « Cœur »", "l-oeuvre-coeur"),
        ("ŒUVRE", "oeuvre"),
        ("Ævar", "aevar"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Marque™", "marquetm"),
        ("ﬁche n° 2", "fiche-n-2"),
        ("3ᵉ", "3e"),
        ("  --a--  b ", "a-b"),
        ("🎓", ""),
        ("!!!", ""),
        ("日本", ""),
        ("", ""),
        ("a\x00b", "a-b"),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Trois phrases plutôt qu’une lettre", 80, "trois-phrases-plutot-qu-une-lettre"),
        ("Trois phrases plutôt", 13, "trois-phrases"),
        ("Trois phrases plutôt", 14, "trois-phrases"),
        ("Trois phrases plutôt", 12, "trois"),
        ("Anticonstitutionnellement", 10, "anticonsti"),
        ("🎓", 80, "sans-titre"),
    ],
)
def test_a_slug_is_cut_at_a_word(text: str, length: int, expected: str) -> None:
    assert slug_of(text, length) == expected
