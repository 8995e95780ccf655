"""The domain set of fixtures/relevance over the demonstration, asked as the site asks, on both engines."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from kb.accounts.tokens import tokens_of
from kb.loading.accounts import person
from search.analysis import query_words
from search.answering import answer
from search.engines import get_engine
from search.index import serializing
from search.index.eligibility import eligible_items
from search.relevance import (
    fill,
    has_best,
    ndcg,
    read_judgements,
    read_queries,
)
from search.request import SearchRequest
from tests.demonstration import as_migrated, put_demo, shared_folder

from .conftest import ENGINES

FOLDER = Path(__file__).parents[2] / "fixtures" / "relevance"

TOPIC = 2
"""Words that count of a query that names a topic, as most do that are typed into a search box."""

NDCG, AMONG_FIVE = 0.85, 65 / 70
"""Of the topics: nDCG@10, and the share that has a best answer among the first five."""

WHOLE_NDCG, WHOLE_AMONG_FIVE = 0.80, 0.90
"""Of all typed queries, longer ones too: what is reached (docs/benchmarks.md), less what ageing may move."""


pytestmark = pytest.mark.django_db(serialized_rollback=True)


@dataclass(frozen=True)
class Answered:
    """What the first page shows for one query: the hits, then the nearest items."""

    count: int
    names: list[str]


@dataclass(frozen=True)
class Site:
    """The demonstration on one engine. `answered`: query id → answer, of every query of both sets."""

    queries: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]
    answered: Mapping[str, Answered]

    def judged_queries(self) -> list[str]:
        return [query for query in self.queries if query in self.judged]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    """One for the file; afterwards the database is as the migrations left it."""
    folder = tmp_path_factory.mktemp("demo")
    folders = {
        "MEDIA_ROOT": folder / "media",
        "SEARCH_INDEX_DIR": folder / "index",
        "LOCK_DIR": folder / "locks",
    }
    with django_db_blocker.unblock(), override_settings(**folders):
        try:
            as_migrated()
            put_demo(shared_folder(tmp_path_factory))
            yield folder
        finally:
            as_migrated()


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The database is the demonstration's for the whole file: pytest-django makes it, and rolls nothing back."""


@pytest.fixture(autouse=True)
def own_folders(demo: Path) -> None:
    """The demonstration's, for every test of the file."""


@pytest.fixture(scope="module", params=ENGINES)
def site(request: pytest.FixtureRequest, demo: Path) -> Iterator[Site]:
    """Each query asked once, as the coordination, who may read all."""
    url = request.getfixturevalue("elasticsearch_url") if request.param == "elasticsearch" else ""
    prefix = f"vivier-test-{uuid4().hex[:12]}"
    with override_settings(ELASTICSEARCH_URL=url, SEARCH_INDEX_PREFIX=prefix):
        items = list(serializing.load(eligible_items().values_list("pk", flat=True)))
        around = serializing.Surroundings.load()
        fill(get_engine(), [serializing.document_of(item, around) for item in items])
        readers = tokens_of(person("coordination"))
        names = {item.pk: f"{item.kind}/{item.slug}" for item in items}
        queries = read_queries(FOLDER / "queries.jsonl")
        by_sense = read_queries(FOLDER / "queries_by_sense.jsonl")
        answered = {}
        for query, text in (queries | by_sense).items():
            found = answer(SearchRequest(q=text), readers)
            shown = [names[hit.id] for hit in (*found.hits, *found.nearest)]
            answered[query] = Answered(found.count, shown)
        yield Site(queries, read_judgements(FOLDER / "qrels.tsv"), answered)
        get_engine().drop()


def test_the_first_page_suits_a_topic(site: Site) -> None:
    topics = [query for query in site.judged_queries() if len(query_words(site.queries[query])) <= TOPIC]
    assert len(topics) >= 70
    _suits(site, topics, NDCG, AMONG_FIVE)


def test_the_first_page_suits_all_that_is_typed(site: Site) -> None:
    _suits(site, site.judged_queries(), WHOLE_NDCG, WHOLE_AMONG_FIVE)


def _suits(site: Site, asked: list[str], least: float, share: float) -> None:
    gained = {query: ndcg(site.answered[query].names, site.judged[query]) for query in asked}
    weak = sorted(gained.items(), key=lambda pair: pair[1])[:10]
    assert statistics.fmean(gained.values()) >= least, [(site.queries[query], gain) for query, gain in weak]
    missed = [query for query in asked if not has_best(site.answered[query].names, site.judged[query])]
    assert len(asked) - len(missed) >= share * len(asked), [site.queries[query] for query in missed]


def test_what_is_of_another_trade_has_no_answer(site: Site) -> None:
    """And the page says so."""
    strangers = [query for query in site.queries if query not in site.judged]
    assert len(strangers) >= 10
    assert {site.queries[query]: site.answered[query].count for query in strangers} == {
        site.queries[query]: 0 for query in strangers
    }
    page = Client().get("/recherche/", {"q": "recette de cuisine"}).content.decode()
    assert "Aucune réponse" in page


def test_the_set_is_whole() -> None:
    """Each query stands in one file, has a best answer or is of another trade; each judged item is published."""
    published = {
        f"{item.kind}/{item.slug}" for item in serializing.load(eligible_items().values_list("pk", flat=True))
    }
    judged = read_judgements(FOLDER / "qrels.tsv")
    queries, by_sense = (read_queries(FOLDER / name) for name in ("queries.jsonl", "queries_by_sense.jsonl"))
    assert not queries.keys() & by_sense.keys()
    assert judged.keys() <= queries.keys() | by_sense.keys()
    assert by_sense.keys() <= judged.keys()
    assert all(3 in scores.values() and scores.keys() <= published for scores in judged.values())
    assert len(queries.keys() & judged.keys()) >= 70
    kinds = [json.loads(line) for line in (FOLDER / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all((row["_id"] in judged) == (row["kind"] == "judged") for row in kinds)
    assert {row["by"] for row in kinds} == {"teacher", "tutor", "animateur"}
