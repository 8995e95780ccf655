from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kb.core.readers import State, Visibility
from kb.moderation.retiring import retire
from tests.items import make_item, submit
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def statuses(people: People, client_of: Any, path: str) -> dict[str, int]:
    return {
        name: client_of(user if user.is_authenticated else None).get(path).status_code
        for name, user in people.readers().items()
    }


def test_a_draft_is_read_by_its_authors_and_the_coordination(people: People, client_of: Any) -> None:
    item = make_item("practice", "Brouillon", owner=people.author, pole=people.pole, state=State.DRAFT)
    found = statuses(people, client_of, f"/brouillons/{item.pk}/")
    assert {name for name, status in found.items() if status == 200} == {
        "author",
        "coordination",
        "administrator",
    }
    assert set(found.values()) == {200, 404}


def test_in_review_the_poles_animateur_reads_it_too(people: People, client_of: Any) -> None:
    item = make_item("practice", "En relecture", owner=people.author, pole=people.pole, state=State.IN_REVIEW)
    found = statuses(people, client_of, f"/brouillons/{item.pk}/")
    readers = {name for name, status in found.items() if status == 200}
    assert readers == {"author", "facilitator", "coordination", "administrator"}


def test_named_people_read_the_draft(people: People, client_of: Any) -> None:
    item = make_item("teaching", "À plusieurs", owner=people.author, state=State.DRAFT)
    item.draft_readers.add(people.tutor)
    item.save_revision()
    assert client_of(people.tutor).get(f"/brouillons/{item.pk}/").status_code == 200


def test_the_banner_says_which_it_is_and_nobody_keeps_it(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Pas finie", owner=people.author, state=State.DRAFT)
    client = client_of(people.author)
    response = client.get(f"/brouillons/{item.pk}/")
    page = response.content.decode()
    assert "Brouillon\u202f: cette version n’est pas publiée" in page
    assert "Pas encore validée" in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["X-Robots-Tag"] == "noindex"
    assert {"no-store", "private"} <= {part.strip() for part in response["Cache-Control"].split(",")}
    submit(item, people.author)
    assert "Cette version est en relecture" in client.get(f"/brouillons/{item.pk}/").content.decode()


def test_a_retired_item_says_so_until_it_is_submitted_again(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Retirée", owner=people.author)
    retire(item, people.author, "Adresse périmée.")
    client = client_of(people.author)
    page = client.get(f"/brouillons/{item.pk}/").content.decode()
    assert "Fiche retirée\u202f: elle n’est plus en ligne." in page
    assert '<h2 id="validation">Retirée</h2>' in page
    assert "Brouillon\u202f:" not in page
    submit(type(item).objects.get(pk=item.pk), people.author)
    assert "Cette version est en relecture" in client.get(f"/brouillons/{item.pk}/").content.decode()


def test_a_newer_draft_beside_the_published_version(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Version publiée", owner=people.author)
    item.title = "Version en chantier"
    item.save_revision(user=people.author)
    author = client_of(people.author)
    draft, public = author.get(f"/brouillons/{item.pk}/"), author.get(item.url)
    assert "Version en chantier" in draft.content.decode()
    assert "Version en chantier" not in public.content.decode()
    # Who may read the published version alone is sent to it, as when no draft waits.
    assert client_of().get(f"/brouillons/{item.pk}/").url == item.url


def test_without_a_newer_draft_the_reader_is_sent_to_the_page(people: People, client_of: Any) -> None:
    public = make_item("teaching", "Publique")
    hidden = make_item("teaching", "Entre membres", visibility=Visibility.MEMBERS)
    assert client_of().get(f"/brouillons/{public.pk}/").url == public.url
    assert client_of().get(f"/brouillons/{hidden.pk}/").status_code == 404
    assert client_of(people.teacher).get(f"/brouillons/{hidden.pk}/").url == hidden.url


def test_narrowing_a_draft_does_not_open_it(people: People, client_of: Any) -> None:
    """The draft's own authors count, not those of the published version."""
    item = make_item("teaching", "Partagée", owner=people.author)
    item.authors.add(people.tutor)
    item.visibility = Visibility.MEMBERS
    item.save_revision(user=people.author)
    assert client_of(people.tutor).get(f"/brouillons/{item.pk}/").status_code == 200
    assert client_of(people.teacher).get(f"/brouillons/{item.pk}/").url == item.url


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_numbers_that_name_nothing(people: People, client: Client, number: str) -> None:
    assert client.get(f"/brouillons/{number}/").status_code == 404


def test_a_page_that_is_no_item_has_no_draft(people: People, client_of: Any) -> None:
    client = client_of(people.administrator)
    assert client.get(f"/brouillons/{people.pole.pk}/").status_code == 404
