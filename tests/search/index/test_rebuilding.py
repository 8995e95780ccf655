from __future__ import annotations

import io
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from kb.core.locks import exclusively
from kb.core.readers import State
from kb.home.diagnosis import diagnose
from resources.models import Item
from search.engines import elastic_schema, embedded_schema, get_engine
from search.engines.base import RebuildRefused, SearchEngine
from search.index import outbox, rebuilding
from search.index.auditing import audit
from search.index.draining import drain
from search.index.rebuilding import rebuild
from search.models import SearchChange
from search.request import SearchRequest
from tests.items import make_item
from tests.search.conftest import ENGINES, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    monkeypatch.setattr(rebuilding, "PIECE", 1)


def make_items(number: int) -> list[Any]:
    return [make_item("teaching", f"Fiche {n}") for n in range(number)]


def titles() -> set[str]:
    results = get_engine().search(SearchRequest(), frozenset({"all"}))
    return {hit.title for hit in results.hits}


def after(portions: int, change: Callable[[], None]) -> Callable[[int, int], None]:
    """Makes a change once that many portions are in the new index, as another process would."""
    calls: list[int] = []

    def progress(done: int, total: int) -> None:
        calls.append(done)
        if len(calls) == portions + 1:
            change()

    return progress


def test_everything_published_is_in_the_new_index() -> None:
    items = make_items(3)
    items[0].unpublish()
    assert rebuild(get_engine()) == 2
    assert titles() == {"Fiche 1", "Fiche 2"}
    assert waiting() == set()
    assert not audit(get_engine()).ids


@pytest.mark.usefixtures("small_portions")
def test_changes_meanwhile_reach_both_indexes(index: SearchEngine) -> None:
    items = make_items(5)

    def change() -> None:
        items[0].title = "Changée après sa lecture"
        items[0].save()
        items[4].title = "Changée avant sa lecture"
        items[4].save()
        items[1].delete()
        items[3].unpublish()
        make_item("teaching", "Neuve")
        drain()
        assert {"Neuve", "Changée après sa lecture"} <= titles()  # the live index follows

    rebuild(index, after(1, change))
    assert titles() == {"Changée après sa lecture", "Fiche 2", "Changée avant sa lecture", "Neuve"}
    assert not audit(index).ids


@pytest.mark.usefixtures("small_portions")
def test_changes_that_wait_at_the_swap_are_drained_after_it(index: SearchEngine) -> None:
    drafts = [make_item("teaching", f"Attendue {n}", state=State.DRAFT) for n in range(2)]
    items = make_items(3)

    def change() -> None:
        """Behind the reading, so that the drain alone brings it."""
        items[0].delete()
        for draft in drafts:
            draft.get_latest_revision().publish(skip_permission_checks=True)

    rebuild(index, after(2, change))
    assert titles() == {"Fiche 1", "Fiche 2", "Attendue 0", "Attendue 1"}
    assert not audit(index).ids


def test_a_first_rebuild_needs_no_live_index() -> None:
    make_items(1)
    with pytest.raises(CommandError):
        call_command("search_drain")
    call_command("search_rebuild", stdout=io.StringIO())
    assert titles() == {"Fiche 0"}


@pytest.mark.usefixtures("small_portions")
def test_an_index_that_lacks_items_is_not_put_live(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_items(5)
    drain()
    write = index.write

    def lose_one(operations: Any, *, building: bool = False) -> set[int]:
        return write(list(operations)[1:] if building else operations, building=building)

    monkeypatch.setattr(index, "write", lose_one)
    with pytest.raises(CommandError, match=r"^L’ancien index reste en service\..* il en faudrait 5"):
        call_command("search_rebuild", stdout=io.StringIO())
    monkeypatch.undo()
    assert len(titles()) == 5
    rebuild(index)
    assert len(titles()) == 5


def test_an_item_that_cannot_be_indexed_refuses_the_rebuild(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = make_items(2)
    drain()
    monkeypatch.setattr(index, "write", lambda operations, **kwargs: {items[0].pk})
    with pytest.raises(RebuildRefused, match=str(items[0].pk)):
        rebuild(index)
    monkeypatch.undo()
    assert len(titles()) == 2


@pytest.mark.usefixtures("small_portions")
def test_a_reading_that_fails_waits_for_what_is_being_written(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_items(2)
    read, write, read_failed, written = rebuilding.draining.operations_for, index.write, Event(), []

    def fail_at_the_second(ids: list[int]) -> Any:
        calls.append(ids)
        if len(calls) == 2:
            read_failed.set()
            raise ZeroDivisionError
        return read(ids)

    def finish_late(operations: Any, *, building: bool = False) -> set[int]:
        assert read_failed.wait(60)
        failed = write(operations, building=building)
        written.append(failed)
        return failed

    calls: list[list[int]] = []
    monkeypatch.setattr(rebuilding.draining, "operations_for", fail_at_the_second)
    monkeypatch.setattr(index, "write", finish_late)
    with pytest.raises(ZeroDivisionError):
        rebuild(index)
    assert written == [set()], "the write ended before the rebuild did"
    with pytest.raises(RebuildRefused):
        index.finish_rebuild(0)


def test_a_failed_rebuild_leaves_nothing_to_fill(index: SearchEngine) -> None:
    make_items(1)

    def crash(done: int, total: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild(index, crash)
    with pytest.raises(RebuildRefused):
        index.finish_rebuild(0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_rebuilds_do_not_run_at_once(index: SearchEngine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def other() -> str:
        try:
            with pytest.raises(CommandError) as refused:
                call_command("search_rebuild", stdout=io.StringIO())
            return str(refused.value)
        finally:
            connection.close()

    with exclusively(rebuilding.LOCK), ThreadPoolExecutor(1) as threads:
        assert "déjà en cours" in threads.submit(other).result()
    call_command("search_rebuild", stdout=io.StringIO())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("small_portions")
def test_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    make_items(3)
    plain, terminal = io.StringIO(), Terminal()
    call_command("search_rebuild", stdout=plain)
    assert plain.getvalue().splitlines() == [
        "0 / 3 fiches",
        "2 / 3 fiches",
        "3 / 3 fiches",
        "Index reconstruit\u00a0: 3 fiches.",
    ]
    call_command("search_rebuild", stdout=terminal)
    assert "\r[##########################..............] 2 / 3" in terminal.getvalue()
    assert terminal.getvalue().endswith("] 3 / 3\nIndex reconstruit\u00a0: 3 fiches.\n")


def test_rows_of_before_are_taken_up(index: SearchEngine) -> None:
    [item] = make_items(1)
    Item.objects.filter(pk=item.pk).update(title="Autre")
    SearchChange.objects.all().delete()
    with transaction.atomic():
        outbox.record([item.pk])
    rebuild(index)
    assert titles() == {"Autre"}
    assert waiting() == set()


@pytest.mark.parametrize("name", ENGINES)
def test_an_index_of_another_schema(
    name: str,
    on_engine: Callable[[str], SearchEngine],
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
) -> None:
    """As after an update of the code: the site is up, answers from the database, and says what to do."""
    [item] = make_items(1)
    with monkeypatch.context() as before:
        for schema in (embedded_schema, elastic_schema):
            before.setattr(schema, "FINGERPRINT", "0123456789ab")
        on_engine(name)
        drain()

    def page() -> str:
        response = client.get("/recherche/?q=fiche")
        assert response.status_code == 200
        assert f'href="{item.url}"' in response.content.decode()
        return response.content.decode()

    for _ in range(3):  # no breaker: the server answers
        assert "Recherche en mode réduit" in page()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["search"]) == (200, "rebuild")
    [finding] = [finding for finding in diagnose() if finding.part == "moteur de recherche"]
    assert not finding.healthy
    assert finding.text.endswith("Lancez «\u00a0manage.py search_rebuild\u00a0».")

    item.title = "Fiche changée"
    item.save()
    with pytest.raises(CommandError, match="restent en attente"):
        call_command("search_drain")
    assert waiting() == {item.pk}

    call_command("search_rebuild", stdout=io.StringIO())
    assert "Recherche en mode réduit" not in page()
    assert client.get("/readyz").json()["search"] == "ok"
    assert waiting() == set()
    assert not audit(get_engine()).ids
