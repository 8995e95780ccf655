"""What a page offers to who may do more than read it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WAITING, EDIT, RETIRE = "Lire la version qui attend", "Modifier", "Retirer"


def offered(client: Any, path: str) -> dict[str, str]:
    shown = client.get(path).content.decode()
    card = re.search(r'aria-labelledby="actions">.*?</section>', shown, re.DOTALL)
    return {label: url for url, label in re.findall(r'href="([^"]+)">([^<]+)</a>', card[0])} if card else {}


@pytest.mark.parametrize(
    ("reader", "labels"),
    [
        ("anonymous", []),
        ("tutor", []),
        ("teacher", []),
        ("other_facilitator", []),
        ("facilitator", [RETIRE]),
        ("author", [WAITING, EDIT, RETIRE]),
        ("coordination", [WAITING, EDIT, RETIRE]),
        ("administrator", [WAITING, EDIT, RETIRE]),
    ],
)
def test_each_reader_is_offered_what_they_may_do(
    reader: str, labels: list[str], people: People, client_of: Any
) -> None:
    item = make_item("teaching", "Ressource", owner=people.author, pole=people.pole)
    item.title = "Ressource, revue"
    item.save_revision(user=people.author)
    client = client_of(None if reader == "anonymous" else getattr(people, reader))
    found = offered(client, item.get_url())
    assert list(found) == labels
    assert [client.get(url).status_code for url in found.values()] == [200] * len(labels)


def test_the_version_that_waits_leads_to_its_editor(people: People, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.author)
    item.save_revision(user=people.author)
    assert list(offered(client_of(people.author), f"/brouillons/{item.pk}/")) == [EDIT, RETIRE]


def test_retiring_leads_back_to_the_list(people: People, client_of: Any) -> None:
    item = make_item("practice", "Fiche", owner=people.author, pole=people.pole)
    client = client_of(people.facilitator)
    address = offered(client, item.get_url())[RETIRE]
    answer = client.post(address, {"reason": "Doublon.", "next": "/poles/premier/"}, follow=True)
    assert answer.redirect_chain == [("/poles/premier/", 302)]
    assert "n’est plus en ligne" in answer.content.decode()
