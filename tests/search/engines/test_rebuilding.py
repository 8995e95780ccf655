"""A new index beside the live one: put live whole or not at all, whatever happens on the way."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.synchronize import Event

import pytest

from search.engines.base import Delete, EngineUnavailable, RebuildRefused, SearchEngine, Upsert

from .samples import a_document, found_ids, held, put
from .stores import Store


def test_the_new_index_replaces_the_old_one(engine: SearchEngine) -> None:
    put(engine, a_document(1), a_document(2))
    engine.start_rebuild()
    engine.write((Upsert(a_document(item), 2) for item in (2, 3)), building=True)
    engine.refresh()
    assert found_ids(engine) == [1, 2], "the live index answers as before while the new one is built"
    engine.finish_rebuild(expected=2)
    engine.refresh()
    assert found_ids(engine) == [2, 3]
    assert [indexed.id for indexed in engine.scan()] == [2, 3]


def test_other_processes_see_the_new_index(store: Store, engine: SearchEngine) -> None:
    put(engine, a_document(1))
    reader = store.open()
    assert found_ids(reader) == [1]
    engine.start_rebuild()
    engine.write([Upsert(a_document(2), 2)], building=True)
    engine.finish_rebuild(expected=1)
    assert found_ids(reader) == [2]


def test_too_few_documents_are_refused_and_the_old_index_stays(store: Store, engine: SearchEngine) -> None:
    put(engine, a_document(1), a_document(2))
    before = store.indexes()
    engine.start_rebuild()
    engine.write([Upsert(a_document(1), 2)], building=True)
    with pytest.raises(RebuildRefused, match="1 documents, il en faudrait 2"):
        engine.finish_rebuild(expected=2)
    assert found_ids(engine) == [1, 2]
    engine.abandon_rebuild()
    assert found_ids(engine) == [1, 2]
    assert store.indexes() == before


def test_an_empty_new_index_is_refused(engine: SearchEngine) -> None:
    put(engine, a_document(1))
    engine.start_rebuild()
    with pytest.raises(RebuildRefused):
        engine.finish_rebuild(expected=1)
    assert found_ids(engine) == [1]


def test_what_changes_meanwhile_reaches_both(engine: SearchEngine) -> None:
    put(engine, a_document(1), a_document(2), a_document(3), version=1)
    engine.start_rebuild()
    put(engine, a_document(1, title="changé"), a_document(4, title="nouveau"), version=10)
    engine.write([Delete(2, 11)])
    # The rebuild had read these before they changed, and only writes them now.
    engine.write((Upsert(a_document(item), 5) for item in (1, 2, 3)), building=True)
    engine.refresh()
    assert found_ids(engine) == [1, 3, 4]
    engine.finish_rebuild(expected=2)
    engine.refresh()
    assert found_ids(engine) == [1, 3, 4]
    assert found_ids(engine, "change") == [1]


def test_deletes_do_not_count_as_documents(engine: SearchEngine) -> None:
    put(engine, a_document(1))
    engine.start_rebuild()
    engine.write([Upsert(a_document(1), 2), Delete(2, 3), Delete(1, 4)], building=True)
    with pytest.raises(RebuildRefused):
        engine.finish_rebuild(expected=1)


def test_the_previous_index_is_kept_until_the_next_rebuild(store: Store, engine: SearchEngine) -> None:
    kept = [store.indexes()]
    for turn in range(3):
        put(engine, a_document(1), version=turn + 1)
        engine.start_rebuild()
        engine.write([Upsert(a_document(1), turn + 1)], building=True)
        engine.finish_rebuild(expected=1)
        kept.append(store.indexes())
    assert [len(indexes) for indexes in kept] == [1, 2, 2, 2]
    assert kept[1] & kept[2]
    assert kept[2] & kept[3]
    assert not kept[1] & kept[3]


def test_the_first_rebuild_needs_no_live_index(store: Store) -> None:
    engine = store.open()
    engine.start_rebuild()
    engine.write([Upsert(a_document(1), 1)], building=True)
    engine.finish_rebuild(expected=1)
    assert found_ids(engine) == [1]
    assert engine.status().index == "ready"


def test_without_a_rebuild_there_is_nothing_to_build_finish_or_abandon(engine: SearchEngine) -> None:
    with pytest.raises(EngineUnavailable, match="Aucune reconstruction"):
        engine.write([Upsert(a_document(1), 1)], building=True)
    with pytest.raises(RebuildRefused):
        engine.finish_rebuild(expected=0)
    engine.abandon_rebuild()
    assert held(engine) == 0


def test_a_rebuild_that_another_one_replaced_cannot_finish(store: Store, engine: SearchEngine) -> None:
    other = store.open()
    engine.start_rebuild()
    other.start_rebuild()
    other.write([Upsert(a_document(1), 1)], building=True)
    with pytest.raises(RebuildRefused, match="n’est pas celui"):
        engine.finish_rebuild(expected=1)
    engine.abandon_rebuild()
    other.finish_rebuild(expected=1)
    assert found_ids(engine) == [1]


def test_anybody_may_clear_what_a_killed_rebuild_left(store: Store, engine: SearchEngine) -> None:
    before = store.indexes()
    store.open().start_rebuild()
    assert store.indexes() > before
    engine.abandon_rebuild()
    assert store.indexes() == before


def _rebuild_for_ever(store: Store, half_done: Event) -> None:
    engine = store.open()
    engine.start_rebuild()
    item = 0
    while True:
        engine.write(
            (Upsert(a_document(item := item + 1, body="mot " * 500), 9) for _ in range(20)), building=True
        )
        half_done.set()


def test_a_rebuild_that_is_killed_leaves_the_live_index_and_the_next_one_works(
    store: Store, engine: SearchEngine
) -> None:
    put(engine, a_document(1), a_document(2))
    before = store.indexes()
    context = multiprocessing.get_context("spawn")
    half_done = context.Event()
    rebuild = context.Process(target=_rebuild_for_ever, args=(store, half_done))
    rebuild.start()
    assert half_done.wait(60)
    rebuild.kill()
    rebuild.join()
    assert rebuild.exitcode == -signal.SIGKILL
    assert found_ids(engine) == [1, 2]
    assert engine.write([Upsert(a_document(3), 3)]) == set(), "the outbox goes on"
    engine.refresh()
    assert found_ids(store.open()) == [1, 2, 3]

    engine.start_rebuild()
    engine.write((Upsert(a_document(item), 5) for item in (1, 2, 3)), building=True)
    engine.finish_rebuild(expected=3)
    assert found_ids(engine) == [1, 2, 3]
    assert len(store.indexes() - before) == 1, "nothing of the killed rebuild is left"
