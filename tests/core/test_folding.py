from __future__ import annotations

import pytest

from kb.core.folding import fold


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
