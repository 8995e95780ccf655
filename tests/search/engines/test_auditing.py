"""`scan` tells what the index really holds: the audit finds an altered, a deleted and a stray document."""

from __future__ import annotations

from dataclasses import replace

from search.engines.base import Indexed, SearchEngine, Upsert

from .conftest import Filled
from .samples import a_document, held, put
from .stores import Store


def test_every_document_comes_back_with_its_own_hash(filled: Filled) -> None:
    """More than one portion, by growing id."""
    expected = [Indexed(document.id, 1, document.content_hash) for document in filled.expected.held]
    assert list(filled.engine.scan()) == expected
    assert held(filled.engine) == len(expected)


def test_an_index_altered_behind_the_engine_is_found(store: Store, engine: SearchEngine) -> None:
    documents = {item: a_document(item, body="un texte", labels=("a", "b")) for item in (1, 2, 3)}
    put(engine, *documents.values(), version=7)
    store.put(replace(documents[2], title="autre chose"), version=7)
    store.remove(3)
    put(engine, a_document(99), version=8)
    held = {indexed.id: indexed.content_hash for indexed in store.open().scan()}
    assert held[1] == documents[1].content_hash
    assert held[2] != documents[2].content_hash
    assert set(held) == {1, 2, 99}


def test_a_repair_is_a_write_with_a_later_version(store: Store, engine: SearchEngine) -> None:
    document = a_document(1)
    put(engine, document, version=7)
    store.put(replace(document, title="autre chose"), version=7)
    assert engine.write([Upsert(document, 9)]) == set()
    assert list(engine.scan()) == [Indexed(1, 9, document.content_hash)]


def test_a_scan_shows_one_moment(engine: SearchEngine) -> None:
    """What is written while it runs neither comes twice nor breaks it."""
    put(engine, *(a_document(item) for item in range(1, 1201)))
    ids = []
    for indexed in engine.scan():
        if indexed.id == 10:
            put(engine, a_document(1, title="changé"), a_document(5000), version=2)
        ids.append(indexed.id)
    assert ids == list(range(1, 1201))
