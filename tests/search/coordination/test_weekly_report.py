"""Weeks by their names, and what the coordination is told of one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from search.coordination.weekly_report import NO_WEEK, SHOWN, AskedInWeek, Week, most_asked, unanswered
from search.models import AskedQuestion, StruckQuestion

pytestmark = pytest.mark.database

MONDAY = datetime.date(2026, 11, 16)
WEEK = Week(MONDAY)


def asked(key: str, day: int, count: int, times: int = 1, filters: str = "") -> None:
    AskedQuestion.objects.create(
        day=MONDAY + datetime.timedelta(days=day), key=key, count=count, times=times, filters=filters
    )


def told(found: list[AskedInWeek]) -> dict[str, Any]:
    return {row.key: (row.times, row.filtered, row.count) for row in found}


@pytest.mark.parametrize(
    ("name", "monday", "label"),
    [
        ("2026-W47", "2026-11-16", "Semaine du 16 au 22 novembre 2026"),
        ("2026-W49", "2026-11-30", "Semaine du 30 novembre au 6 décembre 2026"),
        ("2026-W53", "2026-12-28", "Semaine du 28 décembre 2026 au 3 janvier 2027"),
        ("2026-W23", "2026-06-01", "Semaine du 1er au 7 juin 2026"),
    ],
)
def test_a_week_and_its_name(name: str, monday: str, label: str) -> None:
    week = Week.read(name)
    assert (week.monday.isoformat(), week.name, week.label) == (monday, name, label)
    assert week.after.before == week


@pytest.mark.parametrize(
    "name",
    [
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "2026W47",
        "2026-47",
        "0000-W01",
        "9999-W52",
        "semaine",
        "\x00",
        "\uff12026-W47",
    ],
)
def test_what_is_no_week(name: str) -> None:
    with pytest.raises(ValueError, match="Cette semaine n’existe pas") as refused:
        Week.read(name)
    assert str(refused.value) == NO_WEEK


@pytest.mark.django_db
def test_the_most_asked_first_of_this_week_alone() -> None:
    asked("oral", 0, 3, 4)
    asked("oral", 6, 5, 2)
    asked("oral", 6, 1, 1, "kind=practice")
    asked("tuteur", 2, 0, 9)
    for day in (-1, 7):
        asked("ailleurs", day, 1, 100)
        asked("oral", day, 9, 100)
    assert [row.key for row in most_asked(WEEK)] == ["tuteur", "oral"]
    assert told(most_asked(WEEK)) == {"tuteur": (9, 0, 0), "oral": (7, 1, 5)}
    assert most_asked(Week(MONDAY + datetime.timedelta(days=70))) == []


@pytest.mark.django_db
def test_what_found_nothing_the_last_time() -> None:
    asked("jamais", 0, 0, 2)
    asked("mieux depuis", 0, 0)
    asked("mieux depuis", 3, 2)
    asked("moins bien", 1, 2)
    asked("moins bien", 4, 0, 5)
    asked("vide avec un filtre", 1, 4)
    asked("vide avec un filtre", 1, 0, 3, "kind=practice")
    asked("jamais sans filtre", 5, 0, 1, "kind=practice&phase=avant")
    assert [row.key for row in unanswered(WEEK)] == ["moins bien", "jamais", "jamais sans filtre"]
    assert [row.query_string for row in unanswered(WEEK)] == [
        "?q=moins+bien",
        "?q=jamais",
        "?q=jamais+sans+filtre&kind=practice&phase=avant",
    ]


@pytest.mark.django_db
def test_a_table_has_an_end_and_knows_what_is_struck(django_assert_num_queries: Any) -> None:
    for number in range(SHOWN + 5):
        asked(f"question {number:02}", 0, 0, 1 + number % 2)
    StruckQuestion.objects.create(key="question 01")
    with django_assert_num_queries(3):
        found = most_asked(WEEK)
    assert len(found) == SHOWN
    assert [row.key for row in found if row.is_struck] == ["question 01"]
