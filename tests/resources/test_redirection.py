"""Old addresses: they lead to the page, for who may read it, and tell the others nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from kb.accounts.models import User
from kb.core.readers import State, Visibility
from kb.poles.models import Pole
from resources.item import Item
from resources.models import PracticeSheet
from tests.items import make_item
from tests.people import People
from tests.resources.files import publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EVERYBODY = {
    "anonymous",
    "teacher",
    "tutor",
    "facilitator",
    "other_facilitator",
    "coordination",
    "author",
    "administrator",
}
MEMBERS = EVERYBODY - {"anonymous", "tutor"}
COORDINATION = {"coordination", "administrator"}


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Wagtail makes the redirects of a renamed page after the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def follow(people: People, client_of: Callable[..., Client]) -> Callable[[str], dict[str, str]]:
    """Whom of the eight readers an address redirects, and where; the others get a 404 that says nothing of it."""
    clients = {
        name: client_of(user if isinstance(user, User) else None) for name, user in people.readers().items()
    }

    def ask(address: str) -> dict[str, str]:
        found = {}
        for name, client in clients.items():
            response = client.get(address)
            if response.status_code == 301:
                found[name] = response["Location"]
            else:
                assert response.status_code == 404, (name, response.status_code)
                # The page of a 404 names the address that was asked, and no other.
                assert "nouveau" not in response.content.decode().replace(quote(address, safe=""), "")
        return found

    return ask


def renamed(item: Item, slug: str) -> Item:
    """A new slug, through a version that is published."""
    draft = type(item).objects.get(pk=item.pk).get_latest_revision_as_object()
    draft.slug = slug
    draft.save_revision()
    publish(item)
    return type(item).objects.get(pk=item.pk)


@pytest.mark.parametrize("kind", ["teaching", "training"])
def test_a_renamed_page(kind: str, committing: Any, follow: Callable[[str], dict[str, str]]) -> None:
    item = make_item(kind, "Ancien")
    old = item.url
    with committing():
        item = renamed(item, "nouveau")
    assert follow(old) == dict.fromkeys(EVERYBODY, item.url)
    assert follow(old.rstrip("/") + "/?page=2&x") == dict.fromkeys(EVERYBODY, item.url)


def test_a_moved_sheet(people: People, follow: Callable[[str], dict[str, str]]) -> None:
    sheet = make_item("practice", "Fiche", pole=people.pole)
    old = sheet.url
    sheet.move(people.other_pole, "last-child")
    sheet = PracticeSheet.objects.get(pk=sheet.pk)
    assert sheet.url == "/poles/second/fiche/"
    assert follow(old) == dict.fromkeys(EVERYBODY, sheet.url)


def test_all_the_sheets_of_a_renamed_pole(
    people: People, committing: Any, follow: Callable[[str], dict[str, str]]
) -> None:
    public = make_item("practice", "Publique", pole=people.pole)
    members = make_item("practice", "Membres", pole=people.pole, visibility=Visibility.MEMBERS)
    draft = make_item("practice", "Brouillon", pole=people.pole, state=State.DRAFT)
    with committing():
        pole = Pole.objects.get(pk=people.pole.pk)
        pole.slug = "nouveau"
        pole.save()
    assert follow(public.url) == dict.fromkeys(EVERYBODY, "/poles/nouveau/publique/")
    assert follow(members.url) == dict.fromkeys(MEMBERS, "/poles/nouveau/membres/")
    assert follow(draft.url) == {}
    assert follow("/poles/premier/") == dict.fromkeys(EVERYBODY, "/poles/nouveau/")


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.MEMBERS, MEMBERS),
        (Visibility.POLE, MEMBERS - {"other_facilitator"}),
        ("unknown", COORDINATION),
    ],
)
def test_only_its_readers_are_told_where_a_page_went(
    visibility: str,
    readers: set[str],
    people: People,
    committing: Any,
    follow: Callable[[str], dict[str, str]],
) -> None:
    item = make_item("teaching", "Ancien", pole=people.pole)
    old = item.url
    with committing():
        item = renamed(item, "nouveau")
    Item.objects.filter(pk=item.pk).update(visibility=visibility)
    assert follow(old) == dict.fromkeys(readers, item.url)


def test_no_cache_keeps_a_redirect_that_is_not_for_all(
    people: People, committing: Any, client_of: Callable[..., Client]
) -> None:
    public, members = make_item("teaching", "A"), make_item("teaching", "B", visibility=Visibility.MEMBERS)
    old = public.url, members.url
    with committing():
        renamed(public, "nouveau-a")
        renamed(members, "nouveau-b")
    client = client_of(people.teacher)
    assert "Cache-Control" not in client.get(old[0])
    answer = client.get(old[1])
    assert answer["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer["Vary"]


def test_a_page_that_was_retired_leaves_no_trace(
    committing: Any, follow: Callable[[str], dict[str, str]]
) -> None:
    item = make_item("teaching", "Ancien")
    old = item.url
    with committing():
        item = renamed(item, "nouveau")
    Page.objects.get(pk=item.pk).unpublish()
    assert follow(old) == {}


def test_a_page_renamed_while_a_draft(
    people: People, committing: Any, follow: Callable[[str], dict[str, str]]
) -> None:
    item = make_item("teaching", "Ancien", state=State.DRAFT, owner=people.author)
    old = item.url
    with committing():
        stored = type(item).objects.get(pk=item.pk)
        stored.slug = "nouveau"
        stored.save()
    assert Redirect.objects.filter(redirect_page_id=item.pk).exists()
    assert follow(old) == {}
    draft = type(item).objects.get(pk=item.pk).get_latest_revision_as_object()
    draft.slug = "nouveau"
    draft.save_revision()
    publish(item)
    assert follow(old) == dict.fromkeys(EVERYBODY, "/ressources/nouveau/")


def test_a_new_version_renamed_but_not_approved_redirects_nobody(
    committing: Any, follow: Callable[[str], dict[str, str]]
) -> None:
    item = make_item("teaching", "Ancien")
    with committing():
        draft = item.get_latest_revision_as_object()
        draft.slug = "nouveau"
        draft.save_revision()
    assert not Redirect.objects.exists()
    assert follow("/ressources/nouveau/") == {}


def test_a_page_that_came_back_to_its_address_does_not_turn_in_circles(
    people: People, committing: Any, follow: Callable[[str], dict[str, str]], client: Client
) -> None:
    item = make_item("teaching", "Ancien")
    old = item.url
    with committing():
        item = renamed(item, "nouveau")
    with committing():
        item = renamed(item, "ancien")
    assert client.get(old).status_code == 200
    Page.objects.filter(pk=item.pk).update(live=False)
    assert follow(old) == {}


def test_a_deleted_page_takes_its_old_addresses_along(
    committing: Any, follow: Callable[[str], dict[str, str]]
) -> None:
    item = make_item("teaching", "Ancien")
    old = item.url
    with committing():
        item = renamed(item, "nouveau")
    item.delete()
    assert follow(old) == {}


def test_an_address_given_by_hand_still_redirects(client: Client) -> None:
    Redirect.add_redirect("/guide", "/aide/", is_permanent=False)
    answer = client.get("/guide/")
    assert (answer.status_code, answer["Location"]) == (302, "/aide/")
    assert client.post("/guide/").status_code == 404


def test_an_address_that_was_sent_to_itself_does_not_turn_in_circles(client: Client) -> None:
    Redirect.add_redirect("/guide", "/guide/")
    assert client.get("/guide/").status_code == 404


@pytest.mark.parametrize("path", ["/%00/", f"/{'a' * 3000}/", "/%ff/", "/é/?q=%00", "/a//b/"])
def test_an_address_that_never_was(path: str, client: Client) -> None:
    assert client.get(path).status_code in (400, 404)


def test_the_redirect_is_made_with_the_change(committing: Any) -> None:
    item = make_item("teaching", "Ancien")
    with committing(), transaction.atomic():
        renamed(item, "nouveau")
        transaction.set_rollback(True)
    assert not Redirect.objects.exists()
