"""What machines read: feed, site map, robots, health."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.test import Client

from kb.core.readers import State, Visibility
from kb.home import sitemap
from resources.models import TeachingIndex
from tests.items import make_item, make_many
from tests.people import People

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def make_one_of_each(people: People) -> None:
    make_item("teaching", "Ouverte à tous")
    make_item("teaching", "Entre membres", visibility=Visibility.MEMBERS)
    make_item("practice", "Du pôle", pole=people.pole, visibility=Visibility.POLE)
    make_item("training", "Pas finie", owner=people.coordination, state=State.DRAFT)


def entries(response: Any) -> list[str]:
    return [
        entry.findtext(f"{ATOM}title") or ""
        for entry in ElementTree.fromstring(response.content).iter(f"{ATOM}entry")
    ]


def locations(response: Any) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(response.content).iter(f"{MAP}loc")]


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("reader", ["anonymous", "coordination"])
def test_the_feed_holds_what_everybody_may_read_whoever_asks(
    people: People, client_of: Any, reader: str
) -> None:
    make_one_of_each(people)
    response = client_of(None if reader == "anonymous" else people.coordination).get("/flux/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert entries(response) == ["Ouverte à tous"]


@pytest.mark.django_db
@pytest.mark.database
def test_the_feed_is_thirty_items_with_whole_addresses(
    people: People, client: Client, settings: LazySettings
) -> None:
    make_many("teaching", TeachingIndex.objects.get(), range(40))
    root = ElementTree.fromstring(client.get("/flux/").content)
    found = root.findall(f"{ATOM}entry")
    assert len(found) == 30
    links = [link.get("href", "") for link in root.iter(f"{ATOM}link")]
    assert len(links) == 32
    assert all(link.startswith(settings.WAGTAILADMIN_BASE_URL) for link in links)
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 30


@pytest.mark.django_db
@pytest.mark.database
def test_a_title_with_control_characters_does_not_break_the_feed(people: People, client: Client) -> None:
    item = make_item("teaching", "Titre")
    type(item).objects.filter(pk=item.pk).update(title="Collé\x0b & <b>coupé</b> \x1f", summary="\x08a < b")
    feed = client.get("/flux/")
    assert entries(feed) == ["Collé & <b>coupé</b> "]
    summary = ElementTree.fromstring(feed.content).find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None
    assert (summary.get("type"), summary.text) == ("html", "a &lt; b")
    assert "/titre/" in client.get("/sitemap.xml").content.decode()


@pytest.mark.django_db
@pytest.mark.database
def test_the_site_map_holds_public_addresses_and_no_other(
    people: People, client_of: Any, settings: LazySettings
) -> None:
    make_one_of_each(people)
    found = locations(client_of(people.coordination).get("/sitemap.xml"))
    base = settings.WAGTAILADMIN_BASE_URL
    assert {
        f"{base}{path}" for path in ("/", "/aide/", "/poles/premier/", "/ressources/ouverte-a-tous/")
    } <= set(found)
    assert len(found) == len(set(found)) == len(sitemap.PAGES) + 2 + 1
    anonymous = client_of()
    for address in found:
        assert anonymous.get(address.removeprefix(base)).status_code == 200, address


@pytest.mark.django_db
@pytest.mark.database
def test_a_large_site_map_is_cut_into_files(
    people: People, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_many("teaching", TeachingIndex.objects.get(), range(7))
    monkeypatch.setattr(sitemap, "SIZE", 3)
    index = locations(client.get("/sitemap.xml"))
    assert [address.rpartition("?")[2] for address in index] == ["page=1", "page=2", "page=3"]
    whole = [address for n in (1, 2, 3) for address in locations(client.get("/sitemap.xml", {"page": n}))]
    assert len([address for address in whole if "/ressources/fiche-" in address]) == 7
    assert len(whole) == len(set(whole))


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("page", ["0", "-1", "2", "abc", "\x00", "9" * 5000, ""])
def test_a_file_of_the_site_map_that_does_not_exist(page: str) -> None:
    assert Client().get("/sitemap.xml", {"page": page}).status_code == 404


@pytest.mark.django_db
def test_robots_name_the_site_map(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /brouillons/" in response.content.decode()
    assert response.content.decode().rstrip().endswith("/sitemap.xml")


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    # No mark: a query here would fail the test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.database
def test_ready_without_an_index_says_rebuild_and_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "search": "rebuild"}


@pytest.mark.django_db
def test_ready_says_that_migrations_wait(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'home' AND name = '0002_tree'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrations"] == "waiting"


def test_ready_says_that_the_database_is_gone(
    client: Client, settings: LazySettings, tmp_path: Any, db: None
) -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise DatabaseError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content)["database"] == "unreachable"
