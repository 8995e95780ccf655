from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kb.core.readers import State, Visibility
from kb.poles.models import Pole
from resources.models import TeachingIndex, TrainingIndex
from search.engines import get_engine
from search.index.rebuilding import rebuild
from tests.items import make_item, make_many
from tests.people import People, make_pole

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LISTS = ("/ressources/", "/formations/", "/poles/premier/")


@pytest.mark.parametrize("path", ["/", "/ressources/", "/formations/", "/poles/"])
def test_an_empty_site_answers(client: Client, path: str) -> None:
    Pole.objects.all().delete()
    assert client.get(path).status_code == 200


def test_home_shows_the_latest_that_the_reader_may_read(people: People, client_of: Any) -> None:
    make_item("teaching", "Pour tous")
    make_item("teaching", "Entre membres", visibility=Visibility.MEMBERS)
    make_item("training", "Encore au brouillon", state=State.DRAFT)
    anonymous, teacher = (
        client_of().get("/").content.decode(),
        client_of(people.teacher).get("/").content.decode(),
    )
    assert "Pour tous" in anonymous
    assert "Entre membres" not in anonymous
    assert "Entre membres" in teacher
    assert "Réservée aux membres de Vivier" in teacher
    assert "Encore au brouillon" not in anonymous + teacher


def test_each_list_has_its_kind_and_the_newest_first(people: People, client: Client) -> None:
    old = make_item("teaching", "L’ancienne")
    new = make_item("teaching", "La récente")
    make_item("training", "Une formation")
    type(old).objects.filter(pk=old.pk).update(last_published_at=timezone.now() - datetime.timedelta(days=9))
    page = client.get("/ressources/").content.decode()
    assert page.index(new.title) < page.index(old.title)
    assert "Une formation" not in page
    assert "Une formation" in client.get("/formations/").content.decode()


def test_pages_of_twenty(people: People, client: Client) -> None:
    for n in range(21):
        make_item("teaching", f"Ressource {n}")
    first, second = client.get("/ressources/"), client.get("/ressources/?page=2")
    assert first.content.decode().count("<h2>") == 20
    assert second.content.decode().count("<h2>") == 1
    assert "page 2 sur 2" in second.content.decode()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "asked",
    [
        "-1",
        "0",
        "999999",
        "abc",
        "",
        "\x00",
        "9" * 5000,
        "a" * 10_000,
        "\u0661",
        "🦆",
        "1.5",
        "1 OR 1",
        'titre:"gîte" AND [* TO *]',
        "שלום \u202e 1",
    ],
)
def test_a_page_that_does_not_exist_is_answered_with_a_notice(
    people: People, client: Client, path: str, asked: str
) -> None:
    response = client.get(path, {"page": asked})
    assert response.status_code == 200
    assert "n’existe pas" in response.content.decode()


@pytest.mark.parametrize("path", ["/", *LISTS, "/poles/", "/flux/"])
def test_a_parameter_that_nobody_knows_is_left_alone(people: People, client: Client, path: str) -> None:
    for value in ("bleu", "\x00", "a" * 10_000, "🦆", "שלום \u202e"):
        assert client.get(path, {"couleur": value}).status_code == 200


def test_poles_count_what_the_reader_may_read(people: People, client_of: Any) -> None:
    make_item("practice", "Publique", pole=people.pole)
    make_item("practice", "Du pôle", pole=people.pole, visibility=Visibility.POLE)
    make_item("practice", "Brouillon", pole=people.pole, state=State.DRAFT)
    assert ">0 fiche<" in client_of().get("/poles/").content.decode(), "of the other pôle"
    assert ">1 fiche<" in client_of().get("/poles/").content.decode()
    assert ">2 fiches<" in client_of(people.teacher).get("/poles/").content.decode()
    assert ">2 fiches<" not in client_of(people.other_facilitator).get("/poles/").content.decode()


def test_demonstration_and_closed_poles_say_so(people: People, client: Client) -> None:
    merged = make_pole("Pôle réuni", "reuni")
    Pole.objects.filter(pk=people.pole.pk).update(is_demonstration=True)
    Pole.objects.filter(pk=people.other_pole.pk).update(closed_on=datetime.date(2026, 1, 31))
    Pole.objects.filter(pk=merged.pk).update(merged_into=people.pole)
    make_item("practice", "Fiche d’un pôle fermé", pole=people.other_pole)
    page = client.get("/poles/").content.decode()
    assert "<span>démonstration</span>" in page
    assert "fermé le 31\u00a0janvier\u00a02026" in page
    assert "réuni à Pôle premier" in page
    assert "Données de démonstration" in client.get("/poles/premier/").content.decode()
    assert "fermé depuis le 31\u00a0janvier\u00a02026" in client.get("/poles/second/").content.decode()
    assert "réuni à" in client.get("/poles/reuni/").content.decode()
    assert "(pôle fermé)" in client.get("/").content.decode()


def test_a_pole_shows_its_own_readable_sheets(people: People, client_of: Any) -> None:
    make_item("practice", "Fiche d’ici", pole=people.pole)
    make_item("practice", "Fiche de là-bas", pole=people.other_pole)
    make_item("practice", "Fiche entre nous", pole=people.pole, visibility=Visibility.POLE)
    page = client_of().get("/poles/premier/").content.decode()
    assert "Fiche d’ici" in page
    assert "Zone de Pôle premier" in page
    assert "<span>Pôle premier" not in page, "the page has named the pôle"
    assert "Fiche de là-bas" not in page
    assert "Fiche entre nous" not in page
    assert "Fiche entre nous" in client_of(people.facilitator).get("/poles/premier/").content.decode()


PATHS = ("/", "/ressources/", "/formations/", "/poles/", "/poles/premier/")
#: What other addresses list.
FOUND = ("/recherche/", "/recherche/?q=fiche&pole=premier", "/api/v1/search", "/flux/", "/sitemap.xml")


def add_items(people: People, numbers: range) -> None:
    make_many("teaching", TeachingIndex.objects.get(), numbers, pole=people.pole)
    make_many("training", TrainingIndex.objects.get(), numbers)
    make_many("practice", people.pole, numbers, pole=people.pole)
    rebuild(get_engine())


def test_ten_or_two_hundred_items_cost_the_same_queries(
    people: People, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    def costs(name: str) -> dict[str, int]:
        client = client_of(getattr(people, name) if name != "anonymous" else None)
        counted = {}
        for path in (*PATHS, *FOUND):
            client.get(path)  # what is kept from one request to the next is not counted
            with django_assert_max_num_queries(20, info=f"{name} {path}") as queries:
                assert client.get(path).status_code == 200
            counted[path] = len(queries)
        return counted

    readers = ("anonymous", "teacher", "coordination")
    add_items(people, range(10))
    few = {name: costs(name) for name in readers}
    add_items(people, range(10, 200))
    for n in range(30):
        make_pole(f"Pôle {n}", f"pole-{n}")
    assert {name: costs(name) for name in readers} == few


@pytest.mark.parametrize("path", PATHS)
def test_lists_are_only_read(people: People, client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
