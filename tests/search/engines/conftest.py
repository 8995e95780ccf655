"""One contract, two engines: a test that takes `store`, `engine` or `filled` runs on both, for real."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from search.engines.base import SearchEngine, Upsert

from .corpus import Expected, documents
from .samples import make_empty
from .stores import ElasticStore, EmbeddedStore, Store

ENGINES = ("embedded", "elasticsearch")
CORPUS_SIZE = 2_000


class Filled(NamedTuple):
    """An engine that holds the whole corpus, and what it must answer. Only read."""

    engine: SearchEngine
    expected: Expected


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """A real server: no test of this engine goes without one."""
    url = os.environ.get("VIVIER_TEST_ELASTICSEARCH_URL", "")
    if not url:
        pytest.fail(
            "VIVIER_TEST_ELASTICSEARCH_URL is not set: start a server with scripts/elasticsearch start"
        )
    return url


def _store(request: pytest.FixtureRequest, folder: Path) -> Store:
    if request.param == "embedded":
        return EmbeddedStore(folder / "un index")
    return ElasticStore(request.getfixturevalue("elasticsearch_url"), f"vivier-test-{uuid.uuid4().hex[:12]}")


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Indexes of one test, on each engine; nothing is in them."""
    made = _store(request, tmp_path)
    yield made
    made.drop()


@pytest.fixture
def engine(store: Store) -> SearchEngine:
    """An engine with an empty live index."""
    return make_empty(store.open())


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """An empty engine for the tests of one module that never change what one of its fixtures put there."""
    made = _store(request, tmp_path_factory.mktemp("shared"))
    yield make_empty(made.open())
    made.drop()


@pytest.fixture(scope="session", params=ENGINES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """An engine with 2,000 documents for all the tests that only read."""
    made = _store(request, tmp_path_factory.mktemp("filled"))
    corpus = documents(CORPUS_SIZE)
    engine = make_empty(made.open())
    assert engine.write(Upsert(document, version=1) for document in corpus) == set()
    engine.refresh()
    yield Filled(engine, Expected(corpus))
    made.drop()
