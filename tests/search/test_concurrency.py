"""Several processes and threads at once, and processes that are killed, on the project's real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from resources.models import TeachingResource
from search.engines import get_engine
from search.engines.base import SearchEngine
from search.index import outbox, rebuilding
from search.index.auditing import audit
from search.index.draining import drain
from search.index.rebuilding import rebuild
from search.models import SearchChange
from search.request import SearchRequest
from tests.items import make_item

from .child import Place, count_until_told, drain_all, drain_and_stop, rebuild_and_stop, run, write_often
from .conftest import waiting
from .processes import CONTEXT
from .world import make_world

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PATIENCE = 60


class Started:
    """Another process of the same site."""

    def __init__(self, do: Callable[..., Any], **arguments: Any) -> None:
        place = Place(
            str(connection.settings_dict["NAME"]),
            Path(settings.SEARCH_INDEX_DIR),
            Path(settings.LOCK_DIR),
            settings.ELASTICSEARCH_URL,
            settings.SEARCH_INDEX_PREFIX,
        )
        self.line, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=run, args=(do, place, theirs, arguments))
        self.process.start()
        theirs.close()

    def says(self) -> Any:
        assert self.line.poll(PATIENCE), "it says nothing"
        return self.line.recv()

    def returns(self) -> Any:
        answer = self.says()
        assert not answer.error, answer.error
        self.process.join(PATIENCE)
        return answer.returned


@contextmanager
def standing_still(do: Callable[..., Any], point: str) -> Iterator[None]:
    """A process that has come to a point; it is killed with -9 when the block ends."""
    started = Started(do, point=point)
    try:
        assert started.says() == "here"
        yield
    finally:
        started.process.kill()
        started.process.join()


def make_items(number: int) -> list[Any]:
    return [make_item("teaching", f"Fiche {n}") for n in range(number)]


def titles() -> set[str]:
    get_engine().refresh()  # Elasticsearch shows a write within a second
    results = get_engine().search(SearchRequest(page_size=100), frozenset({"all"}))
    return {hit.title for hit in results.hits}


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_drain_that_is_killed_is_done_again(any_engine: SearchEngine, point: str) -> None:
    items = make_items(3)
    drain()
    items[0].unpublish()
    items[1].title = "Changée"
    items[1].save()
    with standing_still(drain_and_stop, point):
        pass
    assert waiting() == {items[0].pk, items[1].pk}
    drain()
    assert titles() == {"Changée", "Fiche 2"}
    assert waiting() == set()
    assert not audit(any_engine).ids


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_rebuild_that_is_killed_leaves_the_live_index_alone(any_engine: SearchEngine, point: str) -> None:
    items = make_items(5)
    drain()
    with standing_still(rebuild_and_stop, point):
        assert len(titles()) == 5
    assert len(titles()) == 5
    items[0].title = "Changée"
    items[0].save()
    drain()
    assert not audit(any_engine).ids
    assert rebuild(any_engine) == 5
    assert titles() == {"Changée", *(f"Fiche {n}" for n in range(1, 5))}
    assert not audit(any_engine).ids


def test_a_reader_beside_rebuilds_and_drains_never_finds_less(
    any_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process asks all the while for what nobody touches; of what changes it sees one state or the other."""
    monkeypatch.setattr(rebuilding, "BATCH", 4)
    items = make_items(12)
    for item in items[:8]:
        item.title = f"Pérenne {item.title}"
        item.save()
    drain()
    reader = Started(count_until_told, q="pérenne")
    assert reader.says() == "here"
    reader.line.send("go on")
    assert reader.says() == "here"

    def change(done: int, total: int) -> None:
        """At each portion: one goes, one comes, one is written again, and a drain brings it to both indexes."""
        item = items[8 + done // 4]
        (item.unpublish if item.live else item.get_latest_revision().publish)()
        with transaction.atomic():
            outbox.record([items[0].pk])
        drain()

    for _ in range(2):
        rebuild(any_engine, change)
    with standing_still(rebuild_and_stop, "after"):
        pass
    drain()
    reader.line.send("enough")
    answers, counts = reader.returns()
    assert counts == {8}
    assert answers > 10
    assert not audit(any_engine).ids


def test_two_drains_share_the_rows(any_engine: SearchEngine) -> None:
    items = make_items(12)
    with transaction.atomic():
        for _ in range(50):
            outbox.record([item.pk for item in items])
    drains = [Started(drain_all, patience=PATIENCE) for _ in range(2)]
    done = [drain.returns() for drain in drains]
    assert sum(done) >= len(items)
    assert waiting() == set()
    assert len(titles()) == len(items)
    assert not audit(any_engine).ids


def test_a_drain_beside_a_standing_one_waits_for_its_end(index: SearchEngine) -> None:
    [item] = make_items(1)
    with standing_still(drain_and_stop, "before"):
        assert "LockTaken" in Started(drain_all, patience=0.2).says().error
        assert waiting() == {item.pk}
        other = Started(drain_all, patience=PATIENCE)
    # The kill ended the first one's lock, so the second goes on.
    assert other.returns() == 1
    assert titles() == {"Fiche 0"}


def test_a_slow_transaction_with_a_smaller_row_id_that_commits_last(index: SearchEngine) -> None:
    """The slow one renames a term of the item, the fast one the item; on SQLite the fast one waits for the slow one."""
    world = make_world()
    concurrent = connection.vendor == "postgresql"
    written, fast_is_done = Event(), Event()

    def slow() -> int:
        try:
            with transaction.atomic():
                term = world.fresh("term")
                term.label = "DDFPT"
                term.save()
                row = SearchChange.objects.filter(item_id=world.resource.pk).latest("pk").pk
                written.set()
                if concurrent:
                    assert fast_is_done.wait(PATIENCE)
            return int(row)
        finally:
            connection.close()

    def fast() -> int:
        try:
            assert written.wait(PATIENCE)
            with transaction.atomic():
                item = world.fresh("resource")
                item.title = "Titre neuf"
                item.save()
                row = SearchChange.objects.filter(item_id=item.pk).latest("pk").pk
            if concurrent:
                # Drained while the slow one still holds its smaller row: the index has its old word.
                drain()
                assert found("titre neuf") == {world.resource.pk}
                assert found("ddfpt") == set()
            return int(row)
        finally:
            fast_is_done.set()
            connection.close()

    def found(q: str) -> set[int]:
        return {hit.id for hit in get_engine().search(SearchRequest(q), frozenset({"all"})).hits}

    with ThreadPoolExecutor(2) as threads:
        slow_row, fast_row = threads.submit(slow), threads.submit(fast)
        assert slow_row.result() < fast_row.result()
    drain()
    assert {world.resource.pk, world.training.pk} == found("ddfpt")
    with transaction.atomic():
        outbox.record([world.sheet.pk, world.other_sheet.pk])  # made before the index was
    drain()
    assert not audit(index).ids


def test_six_processes_write_a_hundred_and_fifty_changes(index: SearchEngine) -> None:
    items = make_items(3)
    drain()
    writers = [
        Started(write_often, item=items[number % 3].pk, times=25, name=f"Écrit par {number}")
        for number in range(6)
    ]
    for writer in writers:
        writer.returns()
    assert SearchChange.objects.count() == 150
    drain()
    assert titles() == {TeachingResource.objects.get(pk=item.pk).title for item in items}
    assert not audit(index).ids
