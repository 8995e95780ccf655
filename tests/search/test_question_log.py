"""What is noted of a question, what never is, and that no reader waits for it or sees it fail."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from search import question_log
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.jobs import register_all
from search.models import AskedQuestion
from search.question_log import Entry, entry_of, forget, write
from search.request import SearchRequest
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def rows() -> list[tuple[str, str, int, int]]:
    return list(
        AskedQuestion.objects.order_by("key", "filters").values_list("key", "filters", "count", "times")
    )


def ask(client: Client, *pairs: tuple[str, str], **headers: str) -> None:
    assert client.get(f"/recherche/?{urlencode(pairs)}", headers=headers).status_code == 200


def test_a_question_is_counted_by_day(client: Client, index: SearchEngine) -> None:
    make_item("teaching", "Préparer l’oral")
    drain()
    for q in ("L’ORAL", "l'oral", " l’oral ? "):
        ask(client, ("q", q))
    ask(client, ("q", "oral"), ("kind", "training"), ("phase", "avant"), ("kind", "practice"))
    ask(client, ("q", "oral"), ("kind", "practice"), ("kind", "training"), ("phase", "avant"))
    filters = "kind=practice&kind=training&phase=avant"
    assert rows() == [("l oral", "", 1, 3), ("oral", filters, 0, 2)]
    assert set(AskedQuestion.objects.values_list("day", flat=True)) == {timezone.localdate()}
    make_item("teaching", "Réussir l’oral")
    drain()
    ask(client, ("q", "l’oral"))
    assert rows()[0] == ("l oral", "", 2, 4)


def test_there_is_no_place_for_a_person_or_a_moment() -> None:
    names = {field.name: field.get_internal_type() for field in AskedQuestion._meta.get_fields()}
    assert set(names) == {"id", "day", "key", "filters", "count", "times"}
    assert names["day"] == "DateField"


def test_nothing_is_given_to_the_reader(client: Client, index: SearchEngine) -> None:
    ask(client, ("q", "oral"))
    assert rows() == [("oral", "", 0, 1)]
    assert not client.cookies


@pytest.mark.parametrize(
    "address",
    [
        "/recherche/",
        "/recherche/?q=%20%3F%21",
        "/recherche/?kind=practice",
        "/recherche/?q=oral&page=2",
        "/recherche/?q=oral&page=0",
        "/recherche/?q=oral&exact=oral",
        "/recherche/suggestions/?q=oral",
        "/api/v1/search?q=oral",
    ],
)
def test_what_is_no_question_is_not_noted(address: str, client: Client, index: SearchEngine) -> None:
    client.get(address)
    client.head("/recherche/?q=oral")
    ask(client, ("q", "oral"), referer="http://testserver/admin/questions-posees/")
    assert rows() == []


def test_a_reduced_answer_is_not_noted(client: Client, settings: LazySettings) -> None:
    settings.ELASTICSEARCH_URL = "localhost"
    ask(client, ("q", "oral"))
    assert rows() == []


@pytest.mark.parametrize(
    "q",
    [
        "jeanne.martin@exemple.fr",
        "jeanne martin @ exemple",
        "jeanne\uff20exemple",
        "06 12 34 56 78",
        "+33 (0)6.12.34-56/78",
        "06\u00a012\u202f34",
        "stagiaire né le 03/09/2009",
        "2 85 05 78 006 084 36",
        "INE 123456789AB",
        "¹²³⁴⁵⁶",
        "mot " * 13,
    ],
)
def test_what_may_tell_of_somebody_is_not_noted(q: str, client: Client, index: SearchEngine) -> None:
    ask(client, ("q", q))
    ask(client, ("q", "oral"), ("tag", q[:100]))
    assert rows() == []


@pytest.mark.parametrize("q", ["bac pro 3 ans", "rentrée 2026", "3e, 4e, 5e, 2de", "mot " * 12, "x" * 60])
def test_what_tells_of_nobody_is(q: str, client: Client, index: SearchEngine) -> None:
    ask(client, ("q", q))
    assert [times for *_, times in rows()] == [1]


def test_endless_questions_and_filters_are_not_noted(client: Client, index: SearchEngine) -> None:
    ask(client, ("q", "x" * 51 + " " + "x" * 51))
    ask(client, ("q", "oral"), *(("tag", f"mot-{n}") for n in range(50)))
    assert rows() == []


def test_a_robot_fills_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question_log, "MOST_A_DAY", 3)
    for number in range(5):
        write(Entry(f"question {number}", "", 0))
    write(Entry("question 1", "", 7))
    assert rows() == [("question 0", "", 0, 1), ("question 1", "", 7, 2), ("question 2", "", 0, 1)]


def test_the_page_is_whole_before_it_is_noted(index: SearchEngine, people: People) -> None:
    from search.views import search

    request = RequestFactory().get("/recherche/?q=oral")
    request.user = people.anonymous
    answer = search(request)
    assert "Aucune réponse" in answer.content.decode()
    assert rows() == []
    request_finished.disconnect(close_old_connections)  # as the test client does
    try:
        answer.close()
        answer.close()
    finally:
        request_finished.connect(close_old_connections)
    assert rows() == [("oral", "", 0, 1)]


def test_the_entry_is_made_of_the_request_alone() -> None:
    request = RequestFactory().get(
        "/recherche/?q=oral", headers={"user-agent": "Moi", "cookie": "sessionid=1"}
    )
    assert entry_of(request, SearchRequest(q="Oral"), 4) == Entry("oral", "", 4)


def test_what_is_older_than_thirteen_months_is_forgotten() -> None:
    today = timezone.localdate()
    for age in (0, 395, 396, 397, 900):
        day = today - datetime.timedelta(days=age)
        AskedQuestion.objects.create(day=day, key="oral", count=1)
    assert forget() == "2 anciennes questions retirées du relevé."
    assert AskedQuestion.objects.count() == 3
    assert forget() == "0 ancienne question retirée du relevé."


def test_forgetting_is_a_periodic_job() -> None:
    from kb.core.jobs import all_jobs

    register_all()
    assert "search-questions" in {job.name for job in all_jobs()}


@contextmanager
def held(busy: Callable[[], Any]) -> Iterator[None]:
    """Another connection has done `busy` and does not commit until the block ends."""
    ready, done = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                busy()
                ready.set()
                done.wait()
        finally:
            ready.set()
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        ready.wait()
        try:
            yield
        finally:
            done.set()
        holding.result()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_asks_does_not_wait_for_a_writer(
    client: Client, index: SearchEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(question_log.write, "__kwdefaults__", {"patience": 20})
    write(Entry("oral secret", "", 3))
    with held(lambda: AskedQuestion.objects.update(times=5)):
        ask(client, ("q", "oral secret"))
    assert rows() == [("oral secret", "", 3, 5)]
    (line,) = [record.getMessage() for record in caplog.records if "not noted" in record.getMessage()]
    assert "secret" not in caplog.text
    assert line == "a question was not noted: OperationalError"
    # The next writer is as patient as ever.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone() == (20_000,)
    ask(client, ("q", "oral secret"))
    assert rows() == [("oral secret", "", 0, 6)]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_askers_at_once_are_all_counted() -> None:
    def often() -> None:
        try:
            for _ in range(5):
                write(Entry("oral", "", 2), patience=30_000)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for asking in [threads.submit(often) for _ in range(4)]:
            asking.result()
    assert rows() == [("oral", "", 2, 20)]
