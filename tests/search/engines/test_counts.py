"""Every count and every hit against the same counted one document at a time, on 2,000 documents."""

from __future__ import annotations

import random
from typing import Any

import pytest

from search.facets import FACET_NAMES
from search.request import SearchRequest

from .conftest import Filled
from .corpus import EVERYBODY, FACET_SIZES, FAMILIES, READERS


def _some_request(seed: int) -> tuple[SearchRequest, frozenset[str]]:
    """Words or none, up to three facets with up to three values each, one set of readers."""
    chance = random.Random(seed)
    words = [chance.choice(FAMILIES)[0] for _ in range(chance.choice((0, 0, 1, 2)))]
    names = chance.sample(list(FACET_SIZES), chance.randint(0, 3))
    filters = {
        name: tuple(f"{name}-{chance.randint(0, 4)}" for _ in range(chance.randint(1, 3))) for name in names
    }
    if chance.random() < 0.3:
        filters["kind"] = tuple(chance.sample(["teaching", "training", "practice"], chance.randint(1, 2)))
    return SearchRequest(q=" ".join(words), filters=filters, sort="date"), chance.choice(READERS)


@pytest.mark.parametrize("seed", range(40))
def test_every_count_is_exact(filled: Filled, seed: int) -> None:
    request, readers = _some_request(seed)
    expected = filled.expected.found(request, readers)
    results = filled.engine.search(request, readers)
    assert results.count == len(expected)
    assert [hit.id for hit in results.hits] == [document.id for document in expected[:20]]
    assert results.facets == filled.expected.facets(request, readers)


def test_the_random_requests_find_something_and_nothing(filled: Filled) -> None:
    """Else the test above would compare empty lists."""
    counts = [len(filled.expected.found(*_some_request(seed))) for seed in range(40)]
    assert sum(count > 20 for count in counts) > 15
    assert 0 in counts


def test_all_facets_and_all_values_come_in_order(filled: Filled) -> None:
    facets = filled.engine.search(SearchRequest(), EVERYBODY).facets
    assert tuple(facets) == FACET_NAMES
    assert len(facets["tag"]) == FACET_SIZES["tag"]
    for counts in facets.values():
        assert list(counts.items()) == sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_any_form_of_a_word_finds_all_the_others(filled: Filled, family: tuple[str, ...]) -> None:
    expected = filled.expected.found(SearchRequest(q=family[0]), EVERYBODY)
    for form in family:
        word = form.replace("unique ", "")
        assert filled.engine.search(SearchRequest(q=word), EVERYBODY).count == len(expected), word


@pytest.mark.parametrize("sort", ["pertinence", "date"])
def test_the_pages_give_every_hit_once(filled: Filled, sort: str) -> None:
    asked: dict[str, Any] = {"q": "eleve metier", "sort": sort, "page_size": 100}
    expected = filled.expected.found(SearchRequest(q="eleve metier"), EVERYBODY)
    pages = range(1, len(expected) // 100 + 2)
    hits = [
        hit
        for page in pages
        for hit in filled.engine.search(SearchRequest(page=page, **asked), EVERYBODY).hits
    ]
    assert len(hits) == len(expected)
    assert {hit.id for hit in hits} == {document.id for document in expected}


def test_a_page_beyond_the_last_is_empty_and_still_counts(filled: Filled) -> None:
    results = filled.engine.search(SearchRequest(page=500), EVERYBODY)
    assert results.hits == ()
    assert results.count == len(filled.expected.held)


def test_a_hit_carries_what_the_document_says(filled: Filled) -> None:
    by_id = {document.id: document for document in filled.expected.held}
    for hit in filled.engine.search(SearchRequest(q="tuteur"), EVERYBODY).hits:
        document = by_id[hit.id]
        assert (hit.kind, hit.title, hit.summary) == (document.kind, document.title, document.summary)
        assert (hit.url, hit.date) == (document.url, document.date)
