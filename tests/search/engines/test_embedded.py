"""What only the embedded engine has to answer for: its files, its lock and its threads."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search.engines import index_folder
from search.engines.base import EngineUnavailable, SearchEngine, Upsert
from search.engines.embedded import EmbeddedEngine
from search.request import SearchRequest

from .samples import ALL, a_document, found_ids, held, make_empty, put
from .stores import EmbeddedStore


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "dossier d’un site" / "index")


@pytest.fixture
def engine(store: EmbeddedStore) -> SearchEngine:
    return make_empty(store.open())


@pytest.fixture
def locked(store: EmbeddedStore, engine: SearchEngine) -> Iterator[None]:
    """Another process writes and does not end."""
    with (store.folder / "write.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_no_segment_is_orphaned(store: EmbeddedStore, engine: SearchEngine) -> None:
    for version in range(1, 61):
        put(engine, a_document(version % 7 + 1), a_document(version + 100), version=version)
    folder = store.live_folder()
    segments = {segment["segment_id"].replace("-", "") for segment in _meta(folder)["segments"]}
    files = {
        path.name.partition(".")[0] for path in folder.iterdir() if not path.name.startswith((".", "meta"))
    }
    assert files == segments
    assert len(segments) < 20


def test_a_writer_that_is_killed_within_its_commit(store: EmbeddedStore, engine: SearchEngine) -> None:
    """The new files lie there, named by nothing, as the ones that the next commit of the same would make."""
    put(engine, a_document(1), a_document(2))
    committed = (store.live_folder() / "meta.json").read_bytes()
    put(engine, a_document(1, title="changé"), version=2)
    assert list(store.live_folder().glob("*.del"))
    (store.live_folder() / "meta.json").write_bytes(committed)
    other = store.open()
    assert found_ids(other) == [1, 2]
    put(other, a_document(1, title="changé"), version=2)
    assert found_ids(other, "change") == [1]
    assert held(other) == 2


def _meta(folder: Path) -> dict[str, list[dict[str, str]]]:
    return dict(json.loads((folder / "meta.json").read_text()))


def test_a_document_that_tantivy_cannot_hold_fails_alone(engine: SearchEngine) -> None:
    """The others of the same call are written; the caller keeps the failed one waiting."""
    operations = [Upsert(a_document(1), 1), Upsert(a_document(2), 2**63), Upsert(a_document(3), 1)]
    assert engine.write(operations) == {2}
    assert found_ids(engine) == [1, 3]


def test_readers_take_no_lock(engine: SearchEngine, locked: None) -> None:
    assert found_ids(engine) == []
    assert engine.status().index == "ready"


def test_a_writer_does_not_wait_for_ever(
    engine: SearchEngine, locked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_folder, "LOCK_PATIENCE", 0.05)
    with pytest.raises(EngineUnavailable, match="en cours d’écriture"):
        engine.write([Upsert(a_document(1), 1)])


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("rien")
    engine = EmbeddedEngine(tmp_path / "fichier")
    with pytest.raises(EngineUnavailable, match="n’est pas utilisable"):
        engine.start_rebuild()
    assert not engine.status().reachable


@pytest.mark.parametrize("damage", ["state", "meta", "segments", "gone"])
def test_a_damaged_index_is_told_and_can_be_built_again(
    store: EmbeddedStore, engine: SearchEngine, damage: str
) -> None:
    put(engine, *(a_document(item, body="mot " * 50) for item in range(1, 50)))
    folder = store.live_folder()
    damaged = {
        "state": [store.folder / "indexes.json"],
        "meta": [folder / "meta.json"],
        "segments": [
            path for path in folder.iterdir() if path.suffix in (".store", ".term", ".idx", ".fast")
        ],
        "gone": [],
    }[damage]
    for path in damaged:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if damage == "gone":
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    broken = store.open()
    with pytest.raises(EngineUnavailable):
        found_ids(broken, "mot")
    with pytest.raises(EngineUnavailable):
        broken.write([Upsert(a_document(1), 2)])
    status = broken.status()
    assert not status.reachable
    assert status.detail

    if damage == "state":
        assert "supprimez-le" in status.detail
        (store.folder / "indexes.json").unlink()
    broken.start_rebuild()
    broken.write([Upsert(a_document(1), 2)], building=True)
    broken.finish_rebuild(expected=1)
    assert found_ids(broken) == [1]


def test_a_column_that_is_damaged_is_told_and_ends_no_process(
    store: EmbeddedStore, engine: SearchEngine
) -> None:
    """tantivy panics on it: no Exception, so nothing that catches those would."""
    put(engine, *(a_document(item, facets={"tag": (f"t{item}",)}) for item in range(1, 50)))
    for path in store.live_folder().glob("*.fast"):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(bytes(255 - byte for byte in content[:-400]) + content[-400:])
    broken = store.open()
    with pytest.raises(EngineUnavailable, match="n’est pas lisible"):
        broken.search(SearchRequest(sort="date"), ALL)
    assert not broken.status().reachable


def test_a_reader_keeps_its_view_while_indexes_are_swept(store: EmbeddedStore, engine: SearchEngine) -> None:
    put(engine, *(a_document(item) for item in range(1, 600)))
    scan = store.open().scan()
    assert next(scan).id == 1
    for version in (2, 3):
        engine.start_rebuild()
        engine.write([Upsert(a_document(1), version)], building=True)
        engine.finish_rebuild(expected=1)
    assert len(list(scan)) == 598


def test_threads_share_an_engine(engine: SearchEngine) -> None:
    put(engine, *(a_document(item, title="stage") for item in range(1, 20)))
    stop = threading.Event()

    def read() -> int:
        reads = 0
        while not stop.is_set() or not reads:
            assert len(found_ids(engine, "stage")) == 19
            reads += 1
        return reads

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for version in range(2, 12):
                put(engine, *(a_document(item, title="stage") for item in range(1, 20)), version=version)
        finally:
            stop.set()
        assert all(reader.result() for reader in readers)
