"""The table of French pairs: who asks « asked » finds a title « written », or does not. On both engines."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from search.engines import scratch_engine
from search.request import SearchRequest
from search.synonyms import Synonyms, shipped_rules
from search.understanding import understand

from .conftest import ENGINES
from .engines.samples import ALL, a_document, make_empty, put

with Path(__file__).with_name("french_pairs.tsv").open(encoding="utf-8", newline="") as table:
    PAIRS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))

TITLES = {row["written"]: number for number, row in enumerate(PAIRS, 1)}
"""Each title once, with the number of its document."""


@pytest.fixture(scope="module", params=ENGINES)
def found(request: pytest.FixtureRequest) -> Iterator[list[bool]]:
    """Of each pair, in order: is the title found? One index with all titles, one question a pair."""
    url = request.getfixturevalue("elasticsearch_url") if request.param == "elasticsearch" else ""
    known = Synonyms(shipped_rules())
    with override_settings(ELASTICSEARCH_URL=url), scratch_engine(request.param) as engine:
        make_empty(engine)
        put(engine, *(a_document(number, title=title) for title, number in TITLES.items()))
        answers = []
        for row in PAIRS:
            meant = understand(row["asked"], engine, ALL, synonyms=known, correct=False)
            ids = engine.find_ids(SearchRequest(q=meant.q, question=meant.question), ALL)
            answers.append(TITLES[row["written"]] in ids)
        yield answers


def test_the_table_is_large_enough() -> None:
    assert len([row for row in PAIRS if row["found"] == "yes"]) >= 60
    assert {row["found"] for row in PAIRS} == {"yes", "no"}


def test_what_must_be_found_is(found: list[bool]) -> None:
    assert [
        row for row, is_found in zip(PAIRS, found, strict=True) if row["found"] == "yes" and not is_found
    ] == []


def test_what_must_not_be_found_is_not(found: list[bool]) -> None:
    assert [
        row for row, is_found in zip(PAIRS, found, strict=True) if row["found"] == "no" and is_found
    ] == []
