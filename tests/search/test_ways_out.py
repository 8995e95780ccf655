"""What the search page says beside its answers: what it corrected, what is near, how to get out, and why."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kb.core.readers import Visibility
from resources.models import Item
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import BestBet, SynonymRule
from tests.items import make_item
from tests.people import People

pytestmark = pytest.mark.django_db

EXPLANATIONS = "Pourquoi cette réponse"


@pytest.fixture
def world(people: People, index: SearchEngine) -> People:
    make_item("teaching", "La convention de stage", summary="Signer la convention avant le départ.")
    make_item(
        "practice", "Le gîte des élèves", pole=people.pole, summary="Loger des élèves loin de chez eux."
    )
    make_item("practice", "Le vélo du lundi", pole=people.pole, summary="Rouler vers le stage.")
    make_item("training", "Zébulon secret", visibility=Visibility.MEMBERS, summary="Une convention.")
    drain()
    return people


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(answer.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def test_a_correction_is_told_with_the_way_back(client: Client, world: People) -> None:
    shown = page(client, "/recherche/?q=la+convetion")
    assert "1 réponse pour « la convention »" in shown
    assert "Résultats pour" in shown
    assert "chercher plutôt « la convetion »" in shown
    assert (
        "/recherche/?q=la+convetion&exact=la+convetion" in shown
        or "?q=la+convetion&exact=la+convetion" in shown
    )


def test_what_is_searched_as_typed_is_not_corrected(client: Client, world: People) -> None:
    shown = page(client, "/recherche/?q=la+convetion&exact=la+convetion")
    assert "Aucune réponse pour « la convetion »" in shown
    assert "Résultats pour" not in shown
    assert 'name="exact" value="la convetion"' in shown


def test_the_next_question_is_corrected_again(client: Client, world: People) -> None:
    assert "Résultats pour" in page(client, "/recherche/?q=convetion&exact=la+convetion")


def test_a_correction_has_its_accents(client: Client, world: People) -> None:
    assert "Résultats pour <strong>« élèves »" in page(client, "/recherche/?q=elèvves")


def test_the_api_tells_the_correction(client: Client, world: People) -> None:
    assert client.get("/api/v1/search?q=convetion").json()["correction"] == "convention"
    assert client.get("/api/v1/search?q=convention").json()["correction"] is None


def test_nobody_is_corrected_to_a_word_of_what_they_may_not_read(client_of: Any, world: People) -> None:
    assert "zébulon" not in page(client_of(None), "/recherche/?q=zebulom").lower()
    assert "Résultats pour <strong>« zébulon »" in page(client_of(world.teacher), "/recherche/?q=zebulom")


def test_an_off_topic_question_finds_nothing_but_shows_what_is_near(client: Client, world: People) -> None:
    shown = page(client, "/recherche/?q=astronomie+élèves")
    assert "Aucune réponse pour" in shown
    assert "Les fiches les plus proches" in shown
    assert "Le gîte des" in shown


def test_few_answers_are_followed_by_what_is_near(client: Client, world: People) -> None:
    shown = page(client, "/recherche/?q=convention+stage")
    assert "1 réponse pour" in shown
    assert shown.index("Fiches proches") < shown.index("Le vélo du lundi")
    assert "Fiches proches" not in page(client, "/recherche/?q=convention")


def test_the_filter_that_empties_a_search_is_named(client: Client, world: People) -> None:
    shown = page(client, "/recherche/?q=convention&kind=practice&departement=21")
    assert "retirez tous les filtres</a> : 1 réponse" in shown
    shown = page(client, "/recherche/?q=convention&kind=practice")
    assert "retirez le filtre « Nature »</a> : 1 réponse" in shown
    assert "tous les filtres" not in shown
    assert "retirez" not in page(client, "/recherche/?q=zzzz&kind=practice")


def test_who_found_nothing_may_propose_it(client_of: Callable[..., Client], world: People) -> None:
    asked = "/recherche/?q=trouver+un+scaphandre"
    assert "proposez une fiche" not in page(client_of(None), asked)
    member = client_of(world.teacher)
    assert "/admin/?titre=trouver+un+scaphandre" in page(member, asked)
    home = page(member, "/admin/?titre=trouver+un+scaphandre")
    assert "?titre=trouver+un+scaphandre" in home
    begin = home.split('href="/admin/pages/add/resources/teachingresource/')[1].split('"')[0]
    form = page(member, f"/admin/pages/add/resources/teachingresource/{begin}")
    assert 'value="Trouver un scaphandre"' in form
    assert 'value="Trouver un scaphandre"' not in page(
        member, f"/admin/pages/add/resources/teachingresource/{begin.partition('?')[0]}"
    )


@pytest.mark.parametrize("title", ["x" * 900, "\x00", "<script>alert(1)</script>", "  "])
def test_any_title_may_stand_in_the_address(client_of: Any, world: People, title: str) -> None:
    member = client_of(world.teacher)
    home = member.get("/admin/", {"titre": title})
    assert home.status_code == 200
    assert b"<script>alert" not in home.content
    address = (
        home.content.decode().split('href="/admin/pages/add/resources/teachingresource/')[1].split('"')[0]
    )
    form = member.get(f"/admin/pages/add/resources/teachingresource/{html.unescape(address)}")
    assert form.status_code == 200
    assert b"<script>alert" not in form.content


def test_a_new_synonym_is_in_force_at_the_next_search(client: Client, world: People) -> None:
    assert "Aucune réponse" in page(client, "/recherche/?q=draisienne")
    SynonymRule.objects.create(line="draisienne => vélo")
    assert "1 réponse pour" in page(client, "/recherche/?q=draisienne")


def test_a_line_of_synonyms_that_cannot_be_read_harms_no_search(client: Client, world: People) -> None:
    SynonymRule.objects.create(line="=>")
    assert "1 réponse pour" in page(client, "/recherche/?q=convention")


def test_the_coordination_alone_is_told_why(client_of: Callable[..., Client], world: People) -> None:
    asked = "/recherche/?q=convention&pourquoi=1"
    shown = page(client_of(world.coordination), asked)
    assert EXPLANATIONS in shown
    assert "« convention » : titre, résumé" in shown
    for name, reader in world.readers().items():
        if name not in ("coordination", "administrator"):
            reader = None if name == "anonymous" else reader
            assert "Pourquoi" not in page(client_of(reader), asked), name


def test_reasons_name_what_is_missing_and_what_is_title(
    client_of: Callable[..., Client], world: People
) -> None:
    coordination = client_of(world.coordination)
    assert "« gîte » : absent" in page(coordination, "/recherche/?q=convention+gîte&pourquoi=1")
    assert "Son titre est la question" in page(coordination, "/recherche/?q=le+velo+du+lundi&pourquoi=1")


def test_a_sheet_names_what_is_about_the_same(
    client_of: Callable[..., Client], people: People, index: SearchEngine
) -> None:
    words = "covoiturage rural hébergement"
    one = make_item("practice", f"Le {words} un", pole=people.pole)
    make_item("practice", f"Le {words} deux", pole=people.pole)
    make_item("practice", f"Le {words} réservé", pole=people.pole, visibility=Visibility.MEMBERS)
    make_item("practice", "Tout autre chose", pole=people.pole)
    drain()
    shown = page(client_of(None), one.url)
    similar = shown.split("Sur le même sujet")[1]
    assert f"Le {words} deux" in similar
    assert "réservé" not in similar
    assert "réservé" in page(client_of(people.teacher), one.url).split("Sur le même sujet")[1]


def test_a_sheet_stands_without_an_engine(client: Client, people: People) -> None:
    item = make_item("practice", "Seule", pole=people.pole)
    assert "Sur le même sujet" not in page(client, item.url)


def test_the_nearest_items_are_the_nearest_in_every_order(client: Client, world: People) -> None:
    make_item("teaching", "Le stage du mardi", summary="Rien de plus.")
    drain()
    near = {
        sort: page(client, f"/recherche/?q=convention+stage+vélo&sort={sort}").split("plus proches")[-1]
        for sort in ("pertinence", "date")
    }
    order = {sort: re.findall(r"<h3><a href=\"([^\"]+)\"", shown) for sort, shown in near.items()}
    assert order["date"] == order["pertinence"]
    assert len(order["date"]) >= 2


def test_a_pin_of_the_corrected_question_is_shown(client: Client, world: People) -> None:
    BestBet.objects.create(question="convention", item=Item.objects.get(slug="le-velo-du-lundi"))
    shown = page(client, "/recherche/?q=convetion")
    assert "Choisie par la coordination" in shown
    assert shown.index("Le vélo du lundi") < shown.index("La <mark>convention</mark>")


def test_reasons_name_the_label_that_is_the_question(client_of: Callable[..., Client], world: People) -> None:
    make_item("teaching", "Autre chose", tags=("Covoiturage",))
    drain()
    shown = page(client_of(world.coordination), "/recherche/?q=covoiturage&pourquoi=1")
    assert "son pôle est la question, mot pour mot" in shown
