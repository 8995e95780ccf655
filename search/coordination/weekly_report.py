"""What was asked in one week, for the coordination: the most asked questions, and those that found nothing."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.dateformat import format as formatted

from search.models import AskedQuestion, StruckQuestion

#: Questions that a table shows.
SHOWN = 50

_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
NO_WEEK = "Cette semaine n’existe pas : une semaine s’écrit « 2026-W47 ». Voici la semaine en cours."


@dataclass(frozen=True)
class Week:
    """A week of the calendar, by its monday."""

    monday: datetime.date

    @classmethod
    def current(cls) -> Week:
        today = timezone.localdate()
        return cls(today - datetime.timedelta(days=today.weekday()))

    @classmethod
    def read(cls, name: str) -> Week:
        """« 2026-W47 », as ISO 8601 and browsers write it. Raises ValueError, in French."""
        found = _NAME.fullmatch(name)
        if not found or not 2000 <= int(found[1]) < 3000:
            raise ValueError(NO_WEEK)
        try:
            return cls(datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            raise ValueError(NO_WEEK) from None

    @property
    def name(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def sunday(self) -> datetime.date:
        return self.monday + datetime.timedelta(days=6)

    @property
    def label(self) -> str:
        """« Semaine du 23 au 29 novembre 2026 »."""
        first, last = self.monday, self.sunday
        start = _day(first)
        if first.month != last.month:
            start += f" {formatted(first, 'F')}"
        if first.year != last.year:
            start += f" {first.year}"
        return f"Semaine du {start} au {_day(last)} {formatted(last, 'F')} {last.year}"

    @property
    def before(self) -> Week:
        return Week(self.monday - datetime.timedelta(days=7))

    @property
    def after(self) -> Week:
        return Week(self.monday + datetime.timedelta(days=7))


def _day(date: datetime.date) -> str:
    return "1er" if date.day == 1 else str(date.day)


@dataclass(frozen=True)
class AskedInWeek:
    """A question: how often it was asked, how often of them with filters, and what it found the last time.

    The last time is a day: the plain question counts before those with filters, since it is what people begin with.
    """

    key: str
    times: int
    filtered: int
    count: int
    filters: str
    is_struck: bool

    @property
    def query_string(self) -> str:
        """The search that found `count` items."""
        return f"?{urlencode({'q': self.key})}" + (f"&{self.filters}" if self.filters else "")


def most_asked(week: Week) -> list[AskedInWeek]:
    """The most asked first."""
    return _told(week, _questions(week))


def unanswered(week: Week) -> list[AskedInWeek]:
    """The same of those that found nothing on the last day on which they were asked."""
    found, empty = Max("day", filter=Q(count__gt=0)), Max("day", filter=Q(count=0))
    questions = _questions(week).annotate(found=found, empty=empty)
    return _told(week, questions.filter(Q(found=None) | Q(empty__gt=F("found"))))


def _of(week: Week) -> QuerySet[AskedQuestion]:
    return AskedQuestion.objects.filter(day__range=(week.monday, week.sunday)).order_by()


def _questions(week: Week) -> QuerySet[AskedQuestion, Any]:
    asked = _of(week).values("key").annotate(asked=Sum("times"))
    return asked.order_by("-asked", "key")


def _told(week: Week, questions: QuerySet[AskedQuestion, Any]) -> list[AskedInWeek]:
    keys = [row["key"] for row in questions[:SHOWN]]
    rows: dict[str, list[AskedQuestion]] = defaultdict(list)
    for row in _of(week).filter(key__in=keys):
        rows[row.key].append(row)
    struck = set(StruckQuestion.objects.filter(key__in=keys).values_list("key", flat=True))
    return [_summed(key, rows[key], key in struck) for key in keys]


def _summed(key: str, rows: Iterable[AskedQuestion], is_struck: bool) -> AskedInWeek:
    ordered = sorted(rows, key=lambda row: (row.day, not row.filters, row.times, row.filters))
    last = ordered[-1]
    return AskedInWeek(
        key=key,
        times=sum(row.times for row in ordered),
        filtered=sum(row.times for row in ordered if row.filters),
        count=last.count,
        filters=last.filters,
        is_struck=is_struck,
    )
