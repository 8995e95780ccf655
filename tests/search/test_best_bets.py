"""What the coordination pins stands first, for who may read it, whichever engine answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.test import Client

from kb.core.readers import State, Visibility
from search.best_bets import MOST, best_bets, pinned_above
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import AskedQuestion, BestBet
from search.request import SearchRequest
from search.results import SearchResults
from tests.items import make_item
from tests.people import People

from .test_views import hits, page

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ALL = frozenset({"all"})
MARK = '<p class="kind">Choisie par la coordination</p>'


def pin(question: str, item: Any, position: int = 0) -> None:
    BestBet.objects.create(question=question, item=item, position=position)


def ids(q: str, **asked: Any) -> list[int]:
    return [hit.id for hit in best_bets(SearchRequest(q=q, **asked), ALL)]


def test_pinned_items_stand_first_and_once(client: Client, any_engine: SearchEngine) -> None:
    for title in ("Le rapport de stage", "Corriger un rapport de stage", "Mon rapport de stage"):
        make_item("teaching", title)
    pin("Rapport de stage ?", make_item("training", "Évaluer"), 1)
    pin("rapport de stagé", make_item("teaching", "Un rapport de stage pinglé"), 2)
    drain()
    html = page(client, "/recherche/?q=rapport%20de%20stage")
    found = hits(html)
    assert found[:2] == ["/formations/evaluer/", "/ressources/un-rapport-de-stage-pingle/"]
    assert len(found) == len(set(found))
    assert html.count(MARK) == 2
    assert "Un <mark>rapport</mark> de <mark>stage</mark> pinglé" in html
    assert html.index(MARK) < html.index("/formations/evaluer/")
    # The count tells what search found: « Évaluer » is no answer of it.
    assert ">4 réponses pour" in html


def test_no_item_is_told_twice(index: SearchEngine) -> None:
    """Neither as a hit nor among the nearest items."""
    pinned = make_item("training", "Évaluer")
    pin("rapport", pinned)
    (bet,) = best_bets(SearchRequest(q="rapport"), ALL)
    other = replace(bet, id=bet.id + 1, pinned=False)
    told = pinned_above(SearchResults(count=2, hits=(other, bet), nearest=(bet, other)), [bet])
    assert [(hit.id, hit.pinned) for hit in told.hits] == [(bet.id, True), (other.id, False)]
    assert told.nearest == (other,)
    assert told.count == 2


@pytest.mark.parametrize(
    "address",
    ["?q=rapports", "?q=rapport&sort=date", "?q=rapport&kind=teaching", "?q=rapport&page=2", "?q=", "?q=%3F"],
)
def test_only_the_plain_question_has_them(address: str, client: Client, index: SearchEngine) -> None:
    pin("rapport", make_item("training", "Évaluer"))
    drain()
    assert MARK not in page(client, f"/recherche/{address}")
    assert MARK in page(client, "/recherche/?q=RAPPORT")


def test_they_are_shown_where_nothing_else_is_found(client: Client, index: SearchEngine) -> None:
    pin("zzzz", make_item("training", "Évaluer"))
    html = page(client, "/recherche/?q=zzzz")
    assert hits(html) == ["/formations/evaluer/"]
    assert "1 réponse épinglée pour «\u00a0zzzz\u00a0»" in html
    assert "Aucune réponse" not in html
    # The coordination has answered it: it is no longer among the questions that find nothing.
    assert AskedQuestion.objects.get().count == 1


def test_without_an_engine_too(client: Client, settings: LazySettings) -> None:
    settings.ELASTICSEARCH_URL = "localhost"
    pin("rapport", make_item("training", "Évaluer"))
    make_item("teaching", "Un rapport")
    assert hits(page(client, "/recherche/?q=rapport")) == ["/formations/evaluer/", "/ressources/un-rapport/"]


def test_each_reader_sees_what_they_may_read(
    people: People, client_of: Callable[..., Client], index: SearchEngine
) -> None:
    for position, visibility in enumerate(Visibility):
        pin(
            "rapport",
            make_item("teaching", f"Épinglée {visibility}", pole=people.pole, visibility=visibility),
            position,
        )
    draft = make_item("teaching", "Épinglée brouillon", owner=people.author, state=State.DRAFT)
    BestBet.objects.create(question="rapport", item=draft, position=9)
    public, members, pole = (f"/ressources/epinglee-{visibility}/" for visibility in Visibility)
    everything = [public, members, pole]
    expected = {
        "anonymous": [public],
        "teacher": everything,
        "tutor": [public],
        "facilitator": everything,
        "other_facilitator": [public, members],
        "coordination": everything,
        "author": everything,
        "administrator": everything,
    }
    for name, reader in people.readers().items():
        html = page(client_of(None if name == "anonymous" else reader), "/recherche/?q=rapport")
        assert hits(html) == expected[name], name
        assert "brouillon" not in html
        assert ("Réservée aux membres du pôle" in html) is (pole in expected[name])


def test_what_is_retired_is_gone_at_once(client: Client, index: SearchEngine) -> None:
    item = make_item("training", "Évaluer")
    pin("rapport", item)
    item.unpublish()
    assert ids("rapport") == []
    assert hits(page(client, "/recherche/?q=rapport")) == []


def test_the_order_is_the_coordinations_and_has_an_end() -> None:
    made = [make_item("teaching", f"Fiche {number}") for number in range(MOST + 1)]
    for position, item in enumerate(reversed(made)):
        pin("rapport", item, position)
    assert ids("rapport") == [item.pk for item in reversed(made)][:MOST]


def test_a_page_without_any_costs_one_query(django_assert_num_queries: Any) -> None:
    pin("autre", make_item("training", "Évaluer"))
    with django_assert_num_queries(1):
        assert ids("rapport") == []
    with django_assert_num_queries(0):
        assert ids("rapport", sort="date") == []


def test_the_api_has_none(client: Client, index: SearchEngine) -> None:
    pin("rapport", make_item("training", "Évaluer"))
    assert client.get("/api/v1/search?q=rapport").json()["results"] == []


@pytest.mark.parametrize(
    ("question", "state", "words"),
    [("?!", State.PUBLISHED, "au moins un mot"), ("rapport", State.DRAFT, "n’est pas en ligne")],
)
def test_what_cannot_be_pinned(question: str, state: State, words: str) -> None:
    item = make_item("teaching", "Fiche", state=state)
    with pytest.raises(ValidationError, match=words):
        BestBet(question=question, item=item).full_clean()
