"""A real Elasticsearch that falls silent or hangs up, and comes back: what readers, supervisors and authors notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from kb.home.diagnosis import diagnose
from search.engines import engine_outages, get_engine
from search.engines.base import EngineUnavailable, SearchEngine
from search.engines.breaker import FIRST_PAUSE
from search.index.auditing import audit
from search.index.draining import drain
from tests.items import make_item

from .conftest import waiting
from .relay import Door, Relay, relayed

pytestmark = pytest.mark.django_db

REDUCED = "Recherche en mode réduit"


@pytest.fixture
def relay(
    on_engine: Callable[[str], SearchEngine],
    elasticsearch_url: str,
    settings: LazySettings,
) -> Iterator[Relay]:
    """The site on a real server behind a relay, with an empty index."""
    on_engine("elasticsearch")
    with relayed(elasticsearch_url) as made:
        settings.ELASTICSEARCH_URL = made.url
        yield made


def page(client: Client, address: str = "/recherche/?q=entretien") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def after_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    breaker: Any = get_engine()._breaker  # type: ignore[attr-defined]
    monkeypatch.setattr(breaker, "_clock", lambda: time.monotonic() + FIRST_PAUSE)


def engine_line() -> str:
    [finding] = [finding for finding in diagnose() if finding.part == "moteur de recherche"]
    return f"{'ok' if finding.healthy else 'ÉCHEC'} {finding.text}"


@pytest.mark.parametrize("door", ["silent", "closed"])
def test_one_reader_waits_and_it_comes_back_by_itself(
    relay: Relay, client: Client, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    item = make_item("teaching", "Préparer un entretien")
    drain()
    assert REDUCED not in page(client)
    assert client.get("/readyz").json()["search"] == "ok"

    relay.turn(door)
    assert REDUCED in page(client)
    assert [outage.reason for outage in engine_outages()]
    heard = relay.heard
    for _ in range(3):
        assert f'href="{item.url}"' in page(client)
        assert client.get("/recherche/suggestions/?q=entr").json() == {"suggestions": []}
    assert client.get("/api/v1/search?q=entretien").json()["reduced"] is True
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["search"]) == (200, "reduced")
    assert engine_line().startswith("ÉCHEC Elasticsearch ")
    assert relay.heard == heard, "nobody waits a second time"

    item.title = "Préparer un entretien d’embauche"
    item.save()
    with pytest.raises(EngineUnavailable):
        drain()
    assert waiting() == {item.pk}

    relay.turn("open")
    assert REDUCED in page(client)
    after_the_pause(monkeypatch)
    assert REDUCED not in page(client)
    assert client.get("/readyz").json()["search"] == "ok"
    assert engine_outages() == []
    drain()
    assert not audit(get_engine()).ids
    assert "embauche" in page(client)


def test_a_page_waits_as_long_as_one_question(relay: Relay, client: Client) -> None:
    """Each answer of a slow server comes in time; all that a page asks, one after the other, do not."""
    make_item("teaching", "Préparer un entretien avec le tuteur")
    drain()
    address = "/recherche/?q=preparer+un+entretein+avec+le+tutteur"
    assert REDUCED not in page(client, address)
    relay.turn("slow")
    assert REDUCED in page(client, address)
    assert [outage.reason for outage in engine_outages()] == ["Elasticsearch ne répond pas dans le délai."]


def test_a_supervisor_is_a_try_as_good_as_any(
    relay: Relay, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.turn("closed")
    assert client.get("/readyz").json()["search"] == "reduced"
    assert REDUCED in page(client)
    relay.turn("open")
    after_the_pause(monkeypatch)
    assert client.get("/readyz").json()["search"] == "ok"
    assert REDUCED not in page(client)


def test_writing_asks_the_server_whatever_readers_found(relay: Relay, client: Client) -> None:
    make_item("teaching", "Préparer un entretien")
    relay.turn("closed")
    assert REDUCED in page(client)
    relay.turn("open")
    assert drain().items == 1
    assert not audit(get_engine()).ids
    assert REDUCED in page(client), "the pause is not over"
