from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from kb.core.readers import Visibility
from search.engines.base import SearchEngine
from search.facets import FACET_NAMES
from search.index.draining import drain
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_shape_of_an_answer(client: Client, index: SearchEngine) -> None:
    item = make_item("teaching", "Préparer un entretien", tags=("Oral",), summary="Parler de soi.")
    drain()
    answer = client.get("/api/v1/search?q=entretien&kind=teaching")
    assert answer["Content-Type"] == "application/json"
    content = answer.json()
    assert list(content) == ["count", "results", "facets", "correction"]
    assert content["count"] == 1
    assert content["results"] == [
        {
            "id": item.pk,
            "kind": "teaching",
            "title": "Préparer un entretien",
            "url": "/ressources/preparer-un-entretien/",
            "summary": "Parler de soi.",
            "date": timezone.localdate().isoformat(),
        }
    ]
    assert tuple(content["facets"]) == FACET_NAMES
    assert content["facets"]["kind"] == [{"value": "teaching", "label": "Ressource pédagogique", "count": 1}]
    assert content["facets"]["tag"] == [{"value": "oral", "label": "Oral", "count": 1}]
    assert content["facets"]["pole"] == []
    assert content["correction"] is None
    assert client.get(content["results"][0]["url"]).status_code == 200


def test_pages_hold_twenty(client: Client, index: SearchEngine) -> None:
    for number in range(25):
        make_item("teaching", f"Fiche {number}")
    drain()
    first, second = (client.get(f"/api/v1/search?page={page}").json() for page in (1, 2))
    assert (first["count"], len(first["results"]), len(second["results"])) == (25, 20, 5)
    ids = [result["id"] for result in first["results"] + second["results"]]
    assert len(set(ids)) == 25


def test_whoever_asks_it_answers_what_everybody_may_read(
    people: People, client_of: Any, index: SearchEngine
) -> None:
    for visibility in Visibility:
        make_item("teaching", f"Entretien {visibility}", pole=people.pole, visibility=visibility)
    drain()
    answers = [client_of(user).get("/api/v1/search").json() for user in (None, people.administrator)]
    assert answers[0] == answers[1]
    assert [result["title"] for result in answers[0]["results"]] == ["Entretien public"]
    assert answers[0]["facets"]["pole"] == [{"value": "premier", "label": "Pôle premier", "count": 1}]


@pytest.mark.parametrize("query", ["page=0", "page=999999", "page=x", "q=%00", "q=" + "a" * 10_000])
def test_what_makes_no_sense_is_refused_in_french(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].endswith((".", "recherche."))


def test_without_an_engine_it_answers_and_says_so(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    (tmp_path / "file").touch()
    make_item("teaching", "Préparer un entretien")
    content = client.get("/api/v1/search?q=entretien").json()
    assert content["reduced"] is True
    assert [result["title"] for result in content["results"]] == ["Préparer un entretien"]
    assert content["facets"] == {name: [] for name in FACET_NAMES}
