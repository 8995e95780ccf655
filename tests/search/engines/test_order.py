"""The order of hits, and of hits that are worth the same."""

from __future__ import annotations

import datetime

from search.engines.base import SearchEngine
from search.request import SearchRequest

from .conftest import Filled
from .corpus import EVERYBODY
from .samples import ALL, a_document, found_ids, put

DAYS = {1: (2024, 5, 1), 2: (2026, 1, 1), 3: (2024, 5, 1), 4: (2025, 3, 9), 5: (2026, 1, 1)}
NEWEST_FIRST = [2, 5, 4, 1, 3]


def _same_texts(engine: SearchEngine) -> None:
    # One at a time: each lies in a segment of its own, in an order that means nothing.
    for item in (3, 5, 1, 4, 2):
        put(engine, a_document(item, title="Stage", date=datetime.date(*DAYS[item])))


def test_newest_first_then_by_id(engine: SearchEngine) -> None:
    _same_texts(engine)
    assert found_ids(engine, sort="date") == NEWEST_FIRST
    assert found_ids(engine, "stage", sort="date") == NEWEST_FIRST


def test_without_words_pertinence_is_the_date(engine: SearchEngine) -> None:
    _same_texts(engine)
    assert found_ids(engine) == found_ids(engine, "  ") == NEWEST_FIRST


def test_equal_scores_come_by_date(engine: SearchEngine) -> None:
    _same_texts(engine)
    assert found_ids(engine, "stage") == NEWEST_FIRST
    pages = [found_ids(engine, "stage", page=page, page_size=2) for page in (1, 2, 3)]
    assert pages == [NEWEST_FIRST[:2], NEWEST_FIRST[2:4], NEWEST_FIRST[4:]]


def test_by_date_the_pages_are_the_whole_list(filled: Filled) -> None:
    expected = [document.id for document in filled.expected.found(SearchRequest(q="lycee"), EVERYBODY)]
    ids: list[int] = []
    for page in range(1, len(expected) // 50 + 2):
        ids += found_ids(filled.engine, "lycee", EVERYBODY, sort="date", page=page, page_size=50)
    assert ids == expected


def test_dates_of_long_ago_and_to_come(engine: SearchEngine) -> None:
    put(engine, a_document(1, date=datetime.date(1, 1, 1)), a_document(2, date=datetime.date(9999, 12, 31)))
    hits = engine.search(SearchRequest(), ALL).hits
    assert [(hit.id, hit.date) for hit in hits] == [
        (2, datetime.date(9999, 12, 31)),
        (1, datetime.date(1, 1, 1)),
    ]
