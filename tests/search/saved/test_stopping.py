"""How the mails of a saved search stop."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from search.engines.base import SearchEngine
from search.models import SavedSearch
from tests.html import problems
from tests.mailbox import Mailbox
from tests.people import People

from .searches import LIST, Every, committed, due_again, kept, page, publish, told

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_one_click_stops_and_keeps_the_search(
    people: People, index: SearchEngine, mailbox: Mailbox, stranger: Client, client_of: Any
) -> None:
    saved = kept(people.teacher)
    publish("Calendrier")
    address = f"{LIST}arreter/{saved.token}/"
    html = page(stranger, address)
    assert problems(html) == []
    assert "chaque jour, ce qui est nouveau dans votre recherche «\u00a0calendrier\u00a0»." in html
    assert SavedSearch.objects.get().every == Every.DAY, "who only looks stops nothing"
    for _ in range(2):
        answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "Vous ne recevrez plus de courriel" in answer.content.decode()
    assert problems(answer.content.decode()) == []
    assert told(mailbox) == {}
    assert "Vous ne recevrez plus de courriel" in page(stranger, address)
    # Wanted again: what came meanwhile is there to be seen, and no news.
    committed(client_of(people.teacher), f"{LIST}{saved.pk}/", {"every": "day"})
    due_again()
    assert told(mailbox) == {}
    publish("Calendrier suivant")
    due_again()
    assert list(told(mailbox)) == [people.teacher.email]


@pytest.mark.parametrize("token", ["00000000-0000-4000-8000-000000000000", "1", "", "x" * 300])
def test_a_wrong_token_stops_nothing(people: People, stranger: Client, token: str) -> None:
    kept(people.teacher)
    address = f"{LIST}arreter/{token}/"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code in (403, 404)
    assert SavedSearch.objects.get().every == Every.DAY
