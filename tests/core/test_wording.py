from __future__ import annotations

from decimal import Decimal

import pytest

from kb.core.readers import Visibility
from kb.core.wording import counted, measured, restriction


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 fiche comparée"),
        (1, "1 fiche comparée"),
        (2, "2 fiches comparées"),
        (100_000, "100\u202f000 fiches comparées"),
    ],
)
def test_words_agree_with_their_number(number: int, expected: str) -> None:
    assert counted(number, "fiche comparée") == expected


def test_every_visibility_but_the_public_one_is_said() -> None:
    assert restriction(Visibility.PUBLIC) == ""
    assert all(
        restriction(visibility) for visibility in [*Visibility.values, "nouvelle"] if visibility != "public"
    )


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("18", "places", "18\u00a0places"),
        ("1.00", "places", "1\u00a0place"),
        ("0", "élèves par classe", "0\u00a0élève par classe"),
        ("1.5", "mois", "1,5\u00a0mois"),
        ("2.50", "jours", "2,5\u00a0jours"),
        ("1240", "€", "1\u202f240\u00a0€"),
        ("37", "", "37"),
        ("100", "%", "100\u00a0%"),
    ],
)
def test_a_measure(value: str, unit: str, told: str) -> None:
    assert measured(Decimal(value), unit) == told
