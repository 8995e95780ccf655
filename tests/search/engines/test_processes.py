"""Several processes on one index, as two workers of the server and a drain are."""

from __future__ import annotations

from multiprocessing.synchronize import Event

from search.engines.base import Delete, SearchEngine, Upsert
from tests.search.processes import CONTEXT

from .samples import a_document, found_ids, held, put
from .stores import Store

EACH = 15


def _write_one_by_one(store: Store, first: int, start: Event) -> None:
    engine = store.open()
    start.wait(60)
    for item in range(first, first + EACH):
        if engine.write([Upsert(a_document(item), 1)]) or engine.write([Upsert(a_document(1), item)]):
            raise SystemExit("a write failed")


def test_two_writers_and_a_reader(store: Store, engine: SearchEngine) -> None:
    """No write is lost, no read fails, the highest version of the document that both write stays."""
    put(engine, a_document(1, title="au début"), version=1)
    start = CONTEXT.Event()
    writers = [CONTEXT.Process(target=_write_one_by_one, args=(store, first, start)) for first in (100, 200)]
    for writer in writers:
        writer.start()
    reader = store.open()
    start.set()
    seen = [0]
    while any(writer.is_alive() for writer in writers):
        ids = found_ids(reader, page_size=200)
        assert len(ids) == len(set(ids))
        seen.append(len(ids))
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen == sorted(seen), "a reader never sees an older index than before"
    reader.refresh()
    assert found_ids(reader, page_size=200) == [1, *range(100, 100 + EACH), *range(200, 200 + EACH)]
    assert {indexed.id: indexed.version for indexed in reader.scan()}[1] == 200 + EACH - 1


def _write_for_ever(store: Store, started: Event) -> None:
    engine = store.open()
    version = 2
    while True:
        engine.write(Upsert(a_document(item, body="mot " * 200), version) for item in range(1, 300))
        version += 1
        started.set()


def test_a_writer_that_is_killed_leaves_a_whole_index(store: Store, engine: SearchEngine) -> None:
    put(engine, *(a_document(item) for item in range(1, 300)))
    for _ in range(3):
        started = CONTEXT.Event()
        writer = CONTEXT.Process(target=_write_for_ever, args=(store, started))
        writer.start()
        assert started.wait(60)
        writer.kill()
        writer.join()
    reader = store.open()
    reader.refresh()
    assert len(list(reader.scan())) == held(reader) == 299
    late = max(indexed.version for indexed in reader.scan()) + 1
    assert reader.write([Delete(item, late) for item in range(2, 300)]) == set()
    reader.refresh()
    assert found_ids(reader) == [1]
