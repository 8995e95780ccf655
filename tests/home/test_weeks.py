"""The weeks around a departure: pure arithmetic of dates, and the questions that go with them."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

from kb.home.weeks import AFTER, BEFORE, MOST_WEEKS, usual_length, weeks_around

DEPARTURE = datetime.date(2026, 12, 9)  # a Wednesday


@pytest.mark.parametrize("length", range(1, MOST_WEEKS + 1))
def test_the_weeks_follow_each_other(length: int) -> None:
    weeks = weeks_around("2de-pro", DEPARTURE, length)
    mondays = [week.monday for week in weeks]
    assert all(monday.weekday() == 0 for monday in mondays)
    assert all(before < after for before, after in pairwise(mondays))
    away = [week for week in weeks if week.task.phase == "pendant"]
    assert away[0].monday == datetime.date(2026, 12, 7)
    assert len(away) == min(length, 3)
    assert away[-1].monday == datetime.date(2026, 12, 7) + datetime.timedelta(weeks=length - 1)
    assert len(weeks) == len(BEFORE) + len(away) + len(AFTER)
    back = next(week for week in weeks if week.task.phase == "apres")
    assert back.monday == away[-1].monday + datetime.timedelta(weeks=1)
    assert back.when == "La semaine du retour"


def test_each_week_is_a_search_of_its_class() -> None:
    for week in weeks_around("cap", DEPARTURE, 4):
        assert week.request.filters["public"] == ("cap",)
        assert week.request.filters["phase"] == (week.task.phase,)
        assert week.request.filters["problematique"] == week.task.problems
        assert week.request.q == ""


def test_the_usual_length() -> None:
    assert usual_length("3e") == 1
    assert usual_length("tle-pro") == 4
    assert usual_length("classe-de-demain") == 4


@pytest.mark.parametrize("day", [5, 6])
def test_who_leaves_at_a_weekend_begins_the_monday_after(day: int) -> None:
    weeks = weeks_around("3e", datetime.date(2026, 12, day), 1)
    away = next(week for week in weeks if week.task.phase == "pendant")
    assert away.monday == datetime.date(2026, 12, 7)
