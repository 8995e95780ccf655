"""« Mes formations »: taking progress along, joining it to an account, wiping it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kb.learning import cookie
from kb.learning.models import Following
from resources.models import Training
from tests.html import problems, text_of
from tests.mailbox import Mailbox, deliver_mails, smtp_server, waiting_mails
from tests.mailbox import text_of as mail_text
from tests.people import People
from tests.training import good, module, publish, request_of, single

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempt_yet(db: None) -> None:
    cache.clear()


def follow_first(client: Client, training: Training) -> None:
    step = training.modules.all()[0]
    client.post(f"/formations/{training.slug}/modules/{step.key}/", good(step, training, client))


def follow_second(client: Client, training: Training) -> None:
    step = training.modules.all()[1]
    client.post(f"/formations/{training.slug}/modules/{step.key}/", good(step, training, client))


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with smtp_server(settings) as mailbox:
        yield mailbox


def link_in(mailbox: Mailbox) -> str:
    deliver_mails()
    found = re.search(
        r"https?://[^/]+(/mes-formations/reprendre/\S+/)", mail_text(mailbox.of("tutrice@exemple.fr"))
    )
    assert found
    return found[1]


def test_a_link_takes_progress_to_another_machine(
    client: Client, training: Training, mailbox: Mailbox
) -> None:
    follow_first(client, training)
    page = client.post("/mes-formations/garder/", {"email": "tutrice@exemple.fr"}, follow=True)
    assert "Un message de Vivier est parti à tutrice@exemple.fr" in text_of(page)
    link = link_in(mailbox)
    phone = Client()
    opened = phone.get(link)
    assert "Accueillir : 1 module validé sur 2" in text_of(opened)
    assert problems(opened.content.decode()) == []
    assert cookie.NAME not in phone.cookies, "a program that follows links takes nothing"
    phone.post(link)
    assert "Reprendre : module 2" in text_of(phone.get(training.url))


def test_what_the_other_machine_had_is_not_lost(client: Client, training: Training, mailbox: Mailbox) -> None:
    follow_first(client, training)
    client.post("/mes-formations/garder/", {"email": "tutrice@exemple.fr"})
    phone = Client()
    follow_second(phone, training)
    phone.post(link_in(mailbox))
    page = text_of(phone.get(training.url))
    assert "2 modules validés sur 2" in page
    assert "Formation terminée le" in page, "two halves make a whole"
    answer = phone.post(f"/formations/{training.slug}/attestation/", {"name": "Zoé Martin"})
    assert answer["Content-Type"] == "application/pdf"


def test_what_two_halves_made_stays_made(client: Client, training: Training, mailbox: Mailbox) -> None:
    """A module that comes later does not undo it: neither for who did nothing since, nor for who took a name."""
    follow_first(client, training)
    client.post("/mes-formations/garder/", {"email": "tutrice@exemple.fr"})
    phone = Client()
    follow_second(phone, training)
    phone.post(link_in(mailbox))
    training.modules.set([*training.modules.all(), module("De plus", [single()], sort_order=9)])
    publish(training)
    assert "Formation terminée le" in text_of(phone.get(training.url))


@pytest.mark.parametrize("word", ["x", "eyJ:a:b", "." * 50])
def test_an_edited_link_is_refused_with_a_way_on(client: Client, word: str) -> None:
    page = client.post(f"/mes-formations/reprendre/{word}/", follow=True)
    assert "Ce lien est incomplet" in text_of(page)
    assert cookie.NAME not in client.cookies


@pytest.mark.parametrize("typed", ["", "tutrice", "a@b", "x@y.z\nBcc: q@r.fr"])
def test_no_address_no_mail(client: Client, training: Training, typed: str) -> None:
    follow_first(client, training)
    page = client.post("/mes-formations/garder/", {"email": typed})
    assert "adresse" in text_of(page)
    assert not waiting_mails().exists()


def test_nothing_to_send(client: Client) -> None:
    page = client.post("/mes-formations/garder/", {"email": "tutrice@exemple.fr"}, follow=True)
    assert "Rien n’est commencé dans ce navigateur" in text_of(page)
    assert not waiting_mails().exists()


def test_nobody_is_flooded(client: Client, training: Training) -> None:
    follow_first(client, training)
    for _ in range(4):
        page = client.post("/mes-formations/garder/", {"email": "Tutrice@exemple.fr"}, follow=True)
    assert "Trop de liens" in text_of(page)
    assert waiting_mails().count() == 3


def test_a_browser_s_progress_goes_to_an_account_only_when_asked(
    people: People, client_of: Any, training: Training
) -> None:
    client = client_of(None)
    follow_first(client, training)
    client.force_login(people.tutor)
    assert "Commencer" in text_of(client.get(training.url)), "on a shared machine it is somebody else's"
    assert (
        "Ce navigateur garde une progression suivie ou un accord donné sans compte (Accueillir)"
        in text_of(client.get("/mes-formations/"))
    )
    client.post("/mes-formations/")
    assert "Reprendre : module 2" in text_of(client.get(training.url))
    assert Following.objects.filter(user=people.tutor).count() == 1
    assert "Ce navigateur garde une progression" not in text_of(client.get("/mes-formations/"))


def test_it_is_wiped_out(client: Client, training: Training) -> None:
    follow_first(client, training)
    page = client.post("/mes-formations/effacer/", follow=True)
    assert "est effacée de ce navigateur" in text_of(page)
    assert "Commencer" in text_of(client.get(training.url))


def test_an_empty_list_says_where_to_begin(client: Client, people: People, client_of: Any) -> None:
    for reader in (client, client_of(people.tutor)):
        page = reader.get("/mes-formations/")
        assert "Voir les formations" in text_of(page)
        assert problems(page.content.decode()) == []


def test_a_training_that_went_offline_is_history_once_it_was_finished(
    client: Client, training: Training, people: People, client_of: Any
) -> None:
    begun = Client()
    follow_first(begun, training)
    signed_in = client_of(people.tutor)
    for reader in (client, signed_in):
        follow_first(reader, training)
        follow_second(reader, training)
    link = cookie.to_link(cookie.from_cookie(request_of(client)))
    training.unpublish()
    for reader in (client, signed_in):
        page = reader.get("/mes-formations/")
        assert "Accueillir terminée le" in text_of(page)
        assert problems(page.content.decode()) == []
    assert "Accueillir" not in text_of(begun.get("/mes-formations/"))
    assert "Effacer ma progression" in text_of(begun.get("/mes-formations/")), "it still lies in this browser"
    assert "Accueillir : terminée le" in text_of(Client().get(f"/mes-formations/reprendre/{link}/"))


def test_a_module_that_came_after_the_end_has_a_way_to_it(client: Client, training: Training) -> None:
    follow_first(client, training)
    follow_second(client, training)
    training.modules.set([*training.modules.all(), module("De plus", [single()], sort_order=9)])
    publish(training)
    page = text_of(client.get(training.url))
    assert "Télécharger l’attestation" in page
    assert "Ajouté depuis : module 3, « De plus »" in page


def test_the_address_of_a_refused_mail_opens_the_list(client: Client, training: Training) -> None:
    follow_first(client, training)
    assert client.get("/mes-formations/garder/")["Location"] == "/mes-formations/"
    refused = client.post("/mes-formations/garder/", {"email": "x"})
    assert "<title>Erreur" in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]


def test_a_link_to_what_is_no_longer_there_is_no_fault(
    people: People, client_of: Any, training: Training
) -> None:
    client = client_of(None)
    follow_first(client, training)
    word = cookie.to_link(cookie._read(client.cookies[cookie.NAME].value, cookie._COOKIE, cookie.KEPT))
    training.delete()
    for reader in (Client(), client_of(people.tutor)):
        assert reader.post(f"/mes-formations/reprendre/{word}/").status_code == 302
    assert not Following.objects.exists()
