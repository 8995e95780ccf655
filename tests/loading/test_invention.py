"""Generated texts are as many, as different and as uneven as a measurement needs."""

from __future__ import annotations

import datetime
from collections import Counter
from random import Random

from kb.loading.invention import NAMES, invent, name_of, uneven

SENTENCES = [f"La phrase numéro {n} raconte un stage, un trajet et un tuteur patient." for n in range(200)]
TODAY = datetime.date(2026, 11, 24)


def test_every_name_is_another_word() -> None:
    """Item n bears name n: 100,000 items hold them all, so at least as many distinct words."""
    names = {name_of(number) for number in range(NAMES)}
    assert len(names) == NAMES >= 30_000
    assert all(name.isalpha() for name in names)


def test_a_text_of_three_kilobytes_that_bears_its_own_name() -> None:
    for number in (0, 1, 41_999, 99_999):
        made = invent(number, SENTENCES, ["Un titre"], TODAY)
        text = " ".join(made.paragraphs)
        assert 2_500 < len(text.encode()) < 3_500
        assert name_of(number % NAMES) in made.title
        assert name_of(number % NAMES) in text
        assert made == invent(number, SENTENCES, ["Un titre"], TODAY)


def test_dates_over_six_years_and_more_of_them_recent() -> None:
    ages = [
        (TODAY - invent(number, SENTENCES, ["Un titre"], TODAY).published_on).days for number in range(600)
    ]
    assert min(ages) >= 0
    assert 5 * 365 < max(ages) <= 6 * 365
    assert sum(age < 3 * 365 for age in ages) > 0.6 * len(ages)


def test_the_first_values_come_far_more_often() -> None:
    random = Random(1)
    drawn = Counter(value for _ in range(2_000) for value in uneven(random, range(10), 1, 2))
    assert drawn[0] > 3 * drawn[9]
    assert set(drawn) == set(range(10))
