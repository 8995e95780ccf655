"""Nothing tells of a document that may not be read: no hit, count, facet value or suggestion."""

from __future__ import annotations

import pytest

from search.engines.base import Completions, SearchEngine
from search.request import SearchRequest

from .conftest import Filled
from .corpus import READERS
from .samples import ALL, a_document, found_ids, put

SECRET = a_document(
    7,
    title="Chantier confidentiel",
    summary="Un secret",
    body="Le mot zibeline n’est écrit qu’ici.",
    labels=("Étiquette cachée",),
    readers=("pole:4", "coordination"),
    facets={"tag": ("cachee",), "pole": ("quatre",)},
)


@pytest.fixture
def with_secret(engine: SearchEngine) -> SearchEngine:
    put(engine, SECRET, a_document(8, title="Chantier public"))
    return engine


@pytest.mark.parametrize("readers", [ALL, frozenset({"all", "member", "pole:5"}), frozenset[str]()])
def test_who_may_not_read_learns_nothing(with_secret: SearchEngine, readers: frozenset[str]) -> None:
    assert found_ids(with_secret, "zibeline", readers) == []
    for request in (
        SearchRequest(),
        SearchRequest(q="chantier"),
        SearchRequest(filters={"tag": ("cachee",)}),
    ):
        results = with_secret.search(request, readers)
        assert SECRET.id not in [hit.id for hit in results.hits]
        assert results.facets["tag"] == results.facets["pole"] == {}
    assert "Chantier confidentiel" not in with_secret.suggest("chantier", readers).titles.values()
    assert with_secret.suggest("etiquette", readers) == Completions()


@pytest.mark.parametrize("readers", [frozenset({"pole:4"}), frozenset({"all", "coordination"})])
def test_one_token_in_common_is_enough(with_secret: SearchEngine, readers: frozenset[str]) -> None:
    assert found_ids(with_secret, "zibeline", readers) == [SECRET.id]
    assert with_secret.search(SearchRequest(), readers).facets["pole"] == {"quatre": 1}
    assert with_secret.suggest("etiquette", readers).labels == ("Étiquette cachée",)


def test_a_token_is_compared_whole(engine: SearchEngine) -> None:
    put(engine, a_document(1, readers=("pole:1",)), a_document(2, readers=("pole:12",)))
    assert found_ids(engine, readers=frozenset({"pole:1"})) == [1]
    assert found_ids(engine, readers=frozenset({"pole", "1", "POLE:1"})) == []


def test_a_change_of_readers_takes_the_document_away(with_secret: SearchEngine) -> None:
    assert found_ids(with_secret, "zibeline", frozenset({"pole:4"})) == [SECRET.id]
    put(with_secret, a_document(7, body="zibeline", readers=("coordination",)), version=2)
    assert found_ids(with_secret, "zibeline", frozenset({"pole:4"})) == []


@pytest.mark.parametrize("readers", READERS, ids=len)
def test_suggestions_are_all_of_readable_documents(filled: Filled, readers: frozenset[str]) -> None:
    readable = filled.expected.found(SearchRequest(), readers)
    titles = {document.id: document.title for document in readable}
    labels = {label for document in readable for label in document.labels}
    for prefix in ("et", "l", "un", "tag", "me"):
        suggested = filled.engine.suggest(prefix, readers)
        assert suggested.titles.items() <= titles.items()
        assert set(suggested.labels) <= labels
