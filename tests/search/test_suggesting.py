"""What is suggested while somebody types, as a browser gets it, and to whom."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.core.readers import State, Visibility
from kb.poles.models import Pole
from kb.vocabulary.models import Term
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import AskedQuestion
from search.suggesting import MOST, Suggestion, segments
from tests.items import make_item
from tests.people import People, make_pole

from .world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(index: SearchEngine) -> World:
    made = make_world()
    for item in (made.resource, made.training, made.sheet, made.other_sheet):
        item.save_revision().publish(skip_permission_checks=True)
    drain()
    return made


def suggested(client: Client, typed: str) -> list[dict[str, Any]]:
    answer = client.get("/recherche/suggestions/", {"q": typed})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["suggestions"]
    return found


def texts(client: Client, typed: str) -> list[str]:
    return [suggestion["text"] for suggestion in suggested(client, typed)]


def test_an_item_opens_its_page(client: Client, world: World) -> None:
    assert suggested(client, "GITE") == [
        {
            "text": "Le gîte des stagiaires",
            "note": "Fiche de pratique",
            "address": "/poles/nord/le-gite-des-stagiaires/",
            "segments": [["Le ", False], ["gîte", True], [" des stagiaires", False]],
        }
    ]
    assert client.get(suggested(client, "gite")[0]["address"]).status_code == 200


def test_a_pole_opens_its_page_and_is_no_word_besides(client: Client, world: World) -> None:
    assert suggested(client, "nord") == [
        {
            "text": "Pôle du nord",
            "note": "Pôle",
            "address": "/poles/nord/",
            "segments": [["Pôle du ", False], ["nord", True]],
        }
    ]
    assert texts(client, "pole du") == ["Pôle du nord", "Pôle du sud"]


@pytest.mark.parametrize(
    ("typed", "text", "note", "address"),
    [
        ("directeur d", "Directeur délégué", "Pour qui", "/recherche/?audience=mot-neuf"),
        ("chef de", "Chef de travaux", "Pour qui", "/recherche/?audience=mot-neuf"),
        ("filles-g", "Égalité filles-garçons", "Mot-clé", "/recherche/?tag=egalite-filles-garcons"),
        ("cote-d'or", "Côte-d’Or", "Département", "/recherche/?departement=21"),
    ],
)
def test_a_word_leads_to_the_search_with_its_filter(
    client: Client, world: World, typed: str, text: str, note: str, address: str
) -> None:
    [word] = suggested(client, typed)
    assert (word["text"], word["note"], word["address"]) == (text, note, address)
    assert "Aucune réponse" not in client.get(address).content.decode()


def test_a_word_of_two_facets_is_searched_for(client: Client, world: World) -> None:
    term = Term.objects.create(facet="type", slug="directeur", label="Directeur delegue")
    assert term.facet != world.term.facet
    [word] = suggested(client, "directeur")
    assert (word["note"], word["address"]) == ("Mot", "")


def test_a_title_of_several_items_is_searched_for(client: Client, index: SearchEngine) -> None:
    make_item("teaching", "Le même titre", slug="un")
    make_item("training", "Le meme titre", slug="deux")
    drain()
    [both] = suggested(client, "meme")
    assert both["address"] == ""
    assert both["note"] == "Titre de plusieurs fiches"


def test_what_others_often_asked_comes_first_and_is_searched_for(client: Client, world: World) -> None:
    for key in ("gite rural", "le gite des stagiaires", "gite introuvable"):
        for day in range(5):
            AskedQuestion.objects.create(
                day=timezone.localdate() - datetime.timedelta(days=day), key=key, count=1, times=1
            )
    make_item("teaching", "Un monde rural")
    drain()
    first, *others = suggested(client, "gite")
    assert (first["text"], first["note"], first["address"]) == ("gite rural", "Question fréquente", "")
    # A question that is the title of an item is shown once; a word that no document holds, never.
    assert [other["text"] for other in others] == ["Le gîte des stagiaires"]


@pytest.mark.parametrize("typed", ["", "g", " g ", "?!", "é"])
def test_one_letter_is_too_little(client: Client, world: World, typed: str) -> None:
    assert suggested(client, typed) == []


def test_each_kind_has_room_and_none_of_it_is_lost(client: Client, index: SearchEngine) -> None:
    for number in range(4):
        term = Term.objects.create(facet="audience", slug=f"forum-{number}", label=f"Forum de type {number}")
        make_item(
            "teaching", f"Forum {number}", terms=[term], pole=make_pole(f"Forum pôle {number}", f"f{number}")
        )
    drain()
    found = suggested(client, "forum")
    assert len(found) == MOST
    notes = [suggestion["note"] for suggestion in found]
    # No question was asked before: words take its places.
    assert notes == ["Pour qui"] * 4 + ["Pôle"] + ["Ressource pédagogique"] * 3
    assert texts(client, "forum pole")[:4] == [f"Forum pôle {number}" for number in range(4)]


def test_the_answer_stays_with_its_reader(client: Client, world: World) -> None:
    answer = client.get("/recherche/suggestions/?q=gite")
    assert answer["Cache-Control"] == "private, no-store"
    refused = client.get("/recherche/suggestions/?q=%00")
    assert refused.status_code == 400
    assert "caractère interdit" in refused.json()["error"]
    assert refused["Cache-Control"] == "private, no-store"


def test_each_reader_is_told_of_what_they_may_read(
    people: People, client_of: Callable[..., Client], any_engine: SearchEngine
) -> None:
    """A title, and a tag that stands in this item alone."""
    for visibility in Visibility:
        make_item(
            "teaching",
            f"Zibeline {visibility}",
            pole=people.pole,
            visibility=visibility,
            tags=(f"Zinc {visibility}",),
        )
    make_item(
        "teaching", "Zibeline brouillon", owner=people.author, state=State.DRAFT, tags=("Zinc brouillon",)
    )
    drain()
    expected = {
        "anonymous": {Visibility.PUBLIC},
        "teacher": set(Visibility),
        "tutor": {Visibility.PUBLIC},
        "facilitator": set(Visibility),
        "other_facilitator": {Visibility.PUBLIC, Visibility.MEMBERS},
        "coordination": set(Visibility),
        "author": set(Visibility),
        "administrator": set(Visibility),
    }
    for name, reader in people.readers().items():
        client = client_of(None if name == "anonymous" else reader)
        assert set(texts(client, "zibeline")) == {
            f"Zibeline {visibility}" for visibility in expected[name]
        }, name
        assert set(texts(client, "zinc")) == {f"Zinc {visibility}" for visibility in expected[name]}, name


def test_a_pole_that_is_not_published_is_not_told(client: Client, world: World) -> None:
    Pole.objects.get(slug="nord").unpublish()
    assert texts(client, "pole du") == ["Pôle du sud"]


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("L’élève de CAP", "ELEV", "L’[élèv]e de CAP"),
        ("L’élève de CAP", "l'e", "[L’é]lève de CAP"),
        ("Œuvre commune", "oeu", "[Œu]vre commune"),
        ("Œuvre commune", "oe", "[Œ]uvre commune"),
        ("Le forum des métiers", "forum  des", "Le [forum des] métiers"),
        ("Encore un essai", "co", "Encore un essai"),
        ("Encore un corps", "co", "Encore un [co]rps"),
        ("<b>gras</b>", "gras", "<b>[gras]</b>"),
    ],
)
def test_what_was_typed_is_marked(text: str, typed: str, marked: str) -> None:
    parts = segments(Suggestion(text, ""), typed)
    assert "".join(f"[{part.text}]" if part.found else part.text for part in parts) == marked


def test_few_queries_however_many_are_suggested(client: Client, index: SearchEngine) -> None:
    for number in range(9):
        make_item("teaching", f"Atelier {number}", tags=(f"Atelier bois {number}",))
    drain()
    suggested(client, "atelier")
    with CaptureQueriesContext(connection) as captured:
        assert len(suggested(client, "atelier")) == MOST
    assert len(captured) <= 7


def test_a_space_says_that_a_word_has_ended(client: Client, world: World) -> None:
    for number in range(5):
        day = timezone.localdate() - datetime.timedelta(days=number)
        AskedQuestion.objects.create(day=day, key="gites ruraux", filters="", count=3)
    make_item("teaching", "Des gîtes ruraux")
    drain()
    assert "gites ruraux" in texts(client, "gite")
    assert "gites ruraux" not in texts(client, "gite ")
