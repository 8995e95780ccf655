"""What an engine says of itself, and what it refuses to answer from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search.engines import elastic_schema, embedded_schema
from search.engines.base import EngineUnavailable, SearchEngine, Upsert
from search.request import SearchRequest

from .samples import ALL, a_document, found_ids, put
from .stores import Store

ASKED: list[Callable[[SearchEngine], object]] = [
    lambda engine: engine.search(SearchRequest(), ALL),
    lambda engine: engine.search(SearchRequest(q="stage"), ALL),
    lambda engine: engine.suggest("sta", ALL),
    lambda engine: engine.suggest("", ALL),
    lambda engine: list(engine.scan()),
    lambda engine: engine.write([Upsert(a_document(1), 1)]),
]


def test_a_missing_index(store: Store) -> None:
    engine = store.open()
    status = engine.status()
    assert (status.reachable, status.index, status.documents) == (True, "missing", 0)
    assert status.detail == "L’index n’existe pas encore."
    for ask in ASKED:
        with pytest.raises(EngineUnavailable, match="n’existe pas encore"):
            ask(engine)


def test_a_ready_index(engine: SearchEngine) -> None:
    put(engine, a_document(1), a_document(2))
    status = engine.status()
    assert (status.reachable, status.index, status.documents) == (True, "ready", 2)
    assert "2 documents" in status.detail


@pytest.fixture
def outdated(store: Store, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    """The code has another schema than the one that made the index."""
    put(engine, a_document(1))
    monkeypatch.setattr(embedded_schema, "FINGERPRINT", "0123456789ab")
    monkeypatch.setattr(elastic_schema, "FINGERPRINT", "0123456789ab")
    return store.open()


def test_an_outdated_index_answers_nothing(outdated: SearchEngine) -> None:
    status = outdated.status()
    assert (status.reachable, status.index) == (True, "outdated")
    assert "ancien format" in status.detail
    for ask in ASKED:
        with pytest.raises(EngineUnavailable, match="ancien format"):
            ask(outdated)


def test_an_outdated_index_stays_until_a_rebuild(outdated: SearchEngine) -> None:
    assert outdated.status().index == "outdated"
    outdated.start_rebuild()
    outdated.write([Upsert(a_document(2), 2)], building=True)
    outdated.finish_rebuild(expected=1)
    assert outdated.status().index == "ready"
    assert found_ids(outdated) == [2]


def test_an_index_that_goes_missing_is_noticed(store: Store, engine: SearchEngine) -> None:
    put(engine, a_document(1))
    assert found_ids(engine) == [1]
    store.lose()
    with pytest.raises(EngineUnavailable):
        found_ids(engine)
    assert engine.status().index == "missing"
