"""Which past questions are suggested, and to whom."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.core.readers import ALL, MEMBER, State, Visibility
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import AskedQuestion, StruckQuestion
from search.past_questions import DAYS, past_questions
from tests.items import make_item

pytestmark = [pytest.mark.database, pytest.mark.django_db]

READERS = frozenset({ALL})
FIRST = datetime.date(2026, 11, 2)


def asked(key: str, *counts: int, times: int = 1, filters: str = "") -> None:
    """On one day after another, with so many answers each."""
    AskedQuestion.objects.bulk_create(
        AskedQuestion(
            day=FIRST + datetime.timedelta(days=day), key=key, filters=filters, count=count, times=times
        )
        for day, count in enumerate(counts)
    )


def often(key: str, times: int = 1) -> None:
    asked(key, *([1] * DAYS), times=times)


def suggested(typed: str, **asked_for: Any) -> list[str]:
    return past_questions(typed, READERS, **asked_for)


@pytest.fixture
def items(index: SearchEngine) -> None:
    make_item("teaching", "Préparer le rapport de stage")
    make_item("teaching", "Un rapport secret", state=State.DRAFT)
    make_item("teaching", "Le rapport confidentiel", visibility=Visibility.MEMBERS)
    drain()


@pytest.mark.usefixtures("items")
def test_the_most_asked_first() -> None:
    often("rapport", 1)
    often("rapport de stage", 3)
    often("rapports de stages", 2)
    assert suggested("rap") == ["rapport de stage", "rapports de stages", "rapport"]
    assert suggested("RÀP", limit=1) == ["rapport de stage"]
    assert suggested("rapport") == ["rapport de stage", "rapports de stages"]
    assert suggested("l'rapport") == suggested("stage") == []


@pytest.mark.usefixtures("items")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("  ?", []),
        ("r", []),
        ("ra", ["rapport de stage"]),
        ("rapport d", ["rapport de stage"]),
        ("rapport ", ["rapport de stage"]),
        ("rapport-de", ["rapport de stage"]),
        ("rappor ", []),
        ("rapport de stage", []),
        ("ra%", []),
        ("ra_", []),
        ("\x00\ud800", []),
    ],
)
def test_what_is_typed_begins_it(typed: str, found: list[str]) -> None:
    often("rapport de stage")
    assert suggested(typed) == found


@pytest.mark.usefixtures("items")
def test_five_days_an_answer_and_no_strike() -> None:
    asked("rapport stage", *([1] * (DAYS - 1)), times=100)
    asked("rapport stage", 1, 1, filters="kind=practice")  # on the first two of the same days
    assert suggested("rap") == []
    asked("rapport de", 0, 0, 0, 0, 2)
    asked("rapport stages", 2, 2, 2, 2, 2, 0)
    assert suggested("rap") == ["rapport de"]
    StruckQuestion.objects.create(key="rapport de")
    assert suggested("rap") == []
    StruckQuestion.objects.all().delete()
    assert suggested("rap") == ["rapport de"]


@pytest.mark.usefixtures("items")
def test_every_word_stands_in_what_the_reader_may_read() -> None:
    for key in (
        "rapport secret",
        "rapport confidentiel",
        "rapport martin",
        "rapport de l oral",
        "rapport stage",
    ):
        often(key)
    assert suggested("rap") == ["rapport stage"]
    assert past_questions("rap", frozenset({ALL, MEMBER})) == ["rapport confidentiel", "rapport stage"]


@pytest.mark.usefixtures("items")
def test_those_that_tell_something_take_no_place() -> None:
    for number in range(4):
        often(f"rapport martin{number}", 50)
    often("rapport stage")
    often("rapport")
    assert suggested("ra", limit=2) == ["rapport", "rapport stage"]
    assert suggested("ra", limit=1) == []  # so many are looked at and no more


def test_the_same_on_each_engine(any_engine: SearchEngine) -> None:
    make_item("teaching", "Préparer le rapport de stage")
    drain()
    often("rapports de stage")
    often("rapport martin")
    assert suggested("rapp") == ["rapports de stage"]


def test_none_without_an_engine(settings: LazySettings) -> None:
    settings.ELASTICSEARCH_URL = "localhost"
    often("rapport")
    assert suggested("rap") == []


def test_a_hundred_thousand_rows_are_read_by_their_beginning() -> None:
    """The plan, not a watch: the index alone is read, from the first letters on."""
    AskedQuestion.objects.bulk_create(
        (
            AskedQuestion(day=FIRST, key=f"{number * 7919 % 100_000:05} question", count=1)
            for number in range(20_000)
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_askedquestion")
    with CaptureQueriesContext(connection) as captured:
        past_questions("stage", READERS)
    (query,) = captured
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{query['sql']}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "question_by_beginning" in plan
    assert "SCAN search_askedquestion" not in plan
    assert "Seq Scan on search_askedquestion" not in plan
