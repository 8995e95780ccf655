from __future__ import annotations

import pytest

from kb.core.readers import Visibility
from kb.core.wording import counted, restriction


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
