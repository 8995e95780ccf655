"""Versions: whatever order operations arrive in, the highest version of each document stays."""

from __future__ import annotations

import random

import pytest

from search.document import LARGEST_ID
from search.engines.base import Completions, Delete, EngineUnavailable, Operation, SearchEngine, Upsert
from search.request import SearchRequest

from .samples import ALL, a_document, held, put
from .stores import Store


def _titles(engine: SearchEngine) -> dict[int, str]:
    engine.refresh()
    return {hit.id: hit.title for hit in engine.search(SearchRequest(), ALL).hits}


def test_an_older_document_is_ignored_and_no_failure(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="récent"), version=5)
    assert engine.write([Upsert(a_document(1, title="ancien"), 4)]) == set()
    assert _titles(engine) == {1: "récent"}


def test_the_same_version_is_applied_again(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="avant"), version=5)
    assert engine.write([Upsert(a_document(1, title="après"), 5)]) == set()
    assert _titles(engine) == {1: "après"}


def test_a_late_document_does_not_bring_back_what_was_deleted(engine: SearchEngine) -> None:
    put(engine, a_document(1), version=5)
    assert engine.write([Delete(1, 6)]) == set()
    assert engine.write([Upsert(a_document(1), 5)]) == set()
    assert _titles(engine) == {}
    assert (held(engine), list(engine.scan()), engine.suggest("titre", ALL)) == (0, [], Completions())


def test_a_delete_that_comes_before_its_document(engine: SearchEngine) -> None:
    assert engine.write([Delete(1, 6)]) == set()
    assert engine.write([Upsert(a_document(1), 5)]) == set()
    assert _titles(engine) == {}


def test_an_older_delete_is_ignored(engine: SearchEngine) -> None:
    put(engine, a_document(1), version=5)
    assert engine.write([Delete(1, 4)]) == set()
    assert _titles(engine) == {1: "Titre 1"}


def test_a_later_document_comes_back_after_a_delete(engine: SearchEngine) -> None:
    put(engine, a_document(1), version=5)
    assert engine.write([Delete(1, 6), Delete(2, 6)]) == set()
    assert engine.write([Upsert(a_document(1, title="revenu"), 7)]) == set()
    assert _titles(engine) == {1: "revenu"}


def test_tombstones_are_known_to_another_process(store: Store, engine: SearchEngine) -> None:
    engine.write([Delete(1, 6)])
    other = store.open()
    assert other.write([Upsert(a_document(1), 5)]) == set()
    assert _titles(other) == _titles(engine) == {}


@pytest.mark.parametrize("in_one_call", [True, False])
def test_any_order_of_operations_ends_the_same(engine: SearchEngine, in_one_call: bool) -> None:
    chance = random.Random(11)
    operations: list[Operation] = []
    expected: dict[int, str] = {}
    for version in range(1, 61):
        item = chance.randint(1, 6)
        if chance.random() < 0.3:
            operations.append(Delete(item, version))
            expected.pop(item, None)
        else:
            operations.append(Upsert(a_document(item, title=f"version {version}"), version))
            expected[item] = f"version {version}"
    chance.shuffle(operations)
    for portion in [operations] if in_one_call else [[operation] for operation in operations]:
        assert engine.write(portion) == set()
    assert _titles(engine) == expected
    assert held(engine) == len(expected)


def test_numbers_as_large_as_they_come(engine: SearchEngine) -> None:
    put(engine, a_document(LARGEST_ID), version=2**53)
    assert engine.write([Upsert(a_document(LARGEST_ID, title="ancien"), 2**53 - 1)]) == set()
    assert _titles(engine) == {LARGEST_ID: f"Titre {LARGEST_ID}"}


def test_writing_nothing(engine: SearchEngine) -> None:
    assert engine.write([]) == set()


def test_without_an_index_nothing_is_written_and_none_is_made(store: Store) -> None:
    engine = store.open()
    with pytest.raises(EngineUnavailable):
        engine.write([Upsert(a_document(1), 1)])
    assert engine.status().index == "missing"
    assert store.indexes() == set()
