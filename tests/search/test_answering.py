"""Between a change and its drain: the index is late, the answer is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from kb.core.readers import Visibility
from resources.models import Item
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.models import SearchChange
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADDRESSES = ("/api/v1/search?q=calendrier", "/recherche/?q=calendrier", "/recherche/suggestions/?q=calen")


def retire(item: Item) -> None:
    item.unpublish()


def narrow(item: Item) -> None:
    item.visibility = Visibility.MEMBERS
    item.save_revision().publish(skip_permission_checks=True)


def give_to_the_pole(item: Item) -> None:
    item.visibility = Visibility.POLE
    item.save_revision().publish(skip_permission_checks=True)


def delete(item: Item) -> None:
    item.delete()


def retire_renamed(item: Item) -> None:
    item.title = "Un autre titre"
    item.save()
    item.unpublish()


@pytest.mark.parametrize("change", [retire, narrow, give_to_the_pole, delete, retire_renamed])
def test_what_may_no_more_be_read_is_gone_at_once(
    client: Client, any_engine: SearchEngine, people: People, change: Callable[[Item], None]
) -> None:
    """Its title has a no-break space, which a suggestion shows as a plain one."""
    item = make_item("teaching", "Calendrier\u00a0: le commun", pole=people.pole, tags=("Trajet",))
    kept = make_item("teaching", "Un calendrier de plus")
    drain()
    assert all("le commun" in shown(client, address) for address in ADDRESSES)
    pk = item.pk
    change(item)
    for address in ADDRESSES:
        assert "le commun" not in shown(client, address)
        assert kept.title in shown(client, address)
    content = client.get(ADDRESSES[0]).json()
    assert content["count"] == 1
    assert content["facets"]["tag"] == []
    assert client.get("/recherche/suggestions/?q=traj").json() == {"suggestions": []}
    assert not Item.objects.readable_by(AnonymousUser()).filter(pk=pk).exists()


def shown(client: Client, address: str) -> str:
    """The words of an answer, without the marks around what was found."""
    response = client.get(address)
    if response["Content-Type"] == "application/json":
        return str(response.json())
    return response.content.decode().replace("<mark>", "").replace("</mark>", "")


def test_a_row_goes_once_the_index_shows_what_it_told(
    client: Client, any_engine: SearchEngine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elasticsearch shows a change after a moment: until then the row says who may read the item no more."""
    item = make_item("teaching", "Calendrier le commun", tags=("Trajet",))
    make_item("teaching", "Un calendrier de plus")
    drain()
    narrow(item)
    address = "/api/v1/search?q=calendrier"
    told: list[int] = []
    delete_rows = type(SearchChange.objects.all()).delete

    def looking(rows: object) -> object:
        deleted = delete_rows(rows)
        told.append(client.get(address).json()["count"])
        return deleted

    monkeypatch.setattr(type(SearchChange.objects.all()), "delete", looking)
    drain()
    assert told == [1]
    assert client.get(address).json()["facets"]["tag"] == []
