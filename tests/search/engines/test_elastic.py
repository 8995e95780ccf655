"""What only Elasticsearch has to answer for: a server that is dead, hangs, or is something else."""

from __future__ import annotations

import http.server
import socket
import threading
import time
import uuid
from collections.abc import Iterator

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from search.engines import elastic
from search.engines.base import EngineUnavailable, SearchEngine, Upsert
from search.engines.elastic import ElasticEngine

from .samples import a_document, found_ids, make_empty, put
from .stores import ElasticStore
from .test_status import ASKED

LONGEST_WAIT = 3.5


@pytest.fixture
def store(elasticsearch_url: str) -> Iterator[ElasticStore]:
    made = ElasticStore(elasticsearch_url, f"vivier-test-{uuid.uuid4().hex[:12]}")
    yield made
    made.drop()


@pytest.fixture
def engine(store: ElasticStore) -> SearchEngine:
    return make_empty(store.open())


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def hanging_port() -> Iterator[int]:
    """A server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield int(server.getsockname()[1])


class _Stranger(http.server.BaseHTTPRequestHandler):
    def _answer(self) -> None:
        status, kind, body = self.server.answer  # type: ignore[attr-defined]
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - names of the library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Silent."""


@pytest.fixture(
    params=[
        (200, "text/html", b"<html>Bienvenue</html>"),
        (200, "application/json", b"{}"),
        (200, "application/json", b"[1, 2"),
        (503, "text/plain", b"Service unavailable"),
        (401, "application/json", b'{"error": {"type": "security_exception"}}'),
    ],
    ids=["a web site", "empty", "broken", "overloaded", "closed"],
)
def stranger_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A server that answers, but not as Elasticsearch."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as server:
        server.answer = request.param  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def _assert_unavailable(port: int) -> None:
    engine = ElasticEngine(f"http://moi:motdepasse@127.0.0.1:{port}", "vivier")
    for ask in (*ASKED, ElasticEngine.refresh, ElasticEngine.start_rebuild):
        began = time.monotonic()
        with pytest.raises(EngineUnavailable) as raised:
            ask(engine)
        assert time.monotonic() - began < LONGEST_WAIT, ask
        assert "motdepasse" not in raised.value.reason
        assert raised.value.reason.startswith("Elasticsearch ")
    status = engine.status()
    assert not status.reachable
    assert status.detail
    assert "motdepasse" not in status.detail


def test_a_dead_server(free_port: int) -> None:
    _assert_unavailable(free_port)


def test_a_hanging_server(hanging_port: int) -> None:
    began = time.monotonic()
    engine = ElasticEngine(f"http://127.0.0.1:{hanging_port}", "vivier")
    with pytest.raises(EngineUnavailable, match="ne répond pas"):
        found_ids(engine)
    assert time.monotonic() - began < LONGEST_WAIT
    assert not engine.status().reachable
    with pytest.raises(EngineUnavailable, match="ne répond pas"):
        engine.write([Upsert(a_document(1), 1)])
    assert time.monotonic() - began < 3 * LONGEST_WAIT


def test_a_server_that_is_no_elasticsearch(stranger_port: int) -> None:
    _assert_unavailable(stranger_port)


def test_one_dead_node_of_several(store: ElasticStore, engine: SearchEngine, free_port: int) -> None:
    put(engine, a_document(1))
    several = ElasticEngine(f"http://127.0.0.1:{free_port}, {store.url}", store.prefix)
    for _ in range(4):
        assert found_ids(several) == [1]


def test_what_the_server_refuses_fails_alone(engine: SearchEngine) -> None:
    """The others of the same call are written; the caller keeps the failed one waiting."""
    too_long = a_document(2, facets={"tag": ("x" * 40_000,)})
    assert engine.write(Upsert(each, 1) for each in (a_document(1), too_long, a_document(3))) == {2}
    engine.refresh()
    assert found_ids(engine) == [1, 3]


def test_a_server_that_takes_nothing_more(store: ElasticStore, engine: SearchEngine) -> None:
    """As when its disk is full: the operations have failed, they go on waiting, and pass later."""
    with store.client() as client:
        client.indices.put_settings(index=f"{store.prefix}-live", settings={"index.blocks.write": True})
        assert engine.write([Upsert(a_document(1), 1), Upsert(a_document(2), 1)]) == {1, 2}
        client.indices.put_settings(index=f"{store.prefix}-live", settings={"index.blocks.write": False})
    put(engine, a_document(1), a_document(2))
    assert found_ids(engine) == [1, 2]


def test_a_field_that_is_not_declared_is_refused(store: ElasticStore, engine: SearchEngine) -> None:
    with store.client() as client, pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=f"{store.prefix}-live", id="1", document={"unknown": 1})


@pytest.mark.parametrize(
    "change", [{"suggest_title": ["autre"]}, {"readers": ["all", "member"]}, {"date": "2020-01-01"}]
)
def test_the_audit_sees_any_field(
    store: ElasticStore, engine: SearchEngine, change: dict[str, object]
) -> None:
    document = a_document(1)
    put(engine, document)
    with store.client() as client:
        client.update(index=f"{store.prefix}-live", id="1", doc=change)
    [indexed] = engine.scan()
    assert indexed.content_hash != document.content_hash


def test_a_document_with_missing_fields_makes_no_search_fall(
    store: ElasticStore, engine: SearchEngine
) -> None:
    with store.client() as client:
        client.index(index=f"{store.prefix}-live", id="5", document={"readers": ["all"]}, refresh=True)
    assert found_ids(engine) == []
    assert [indexed.id for indexed in engine.scan()] == [5], "the audit finds it"


def test_the_aliases_and_settings_after_a_rebuild(store: ElasticStore, engine: SearchEngine) -> None:
    engine.start_rebuild()
    with store.client() as client:
        [built] = client.indices.get_settings(index=f"{store.prefix}-building").values()
        assert built["settings"]["index"]["refresh_interval"] == "-1"
        engine.finish_rebuild(expected=0)
        [live] = client.indices.get_settings(index=f"{store.prefix}-live").values()
        assert live["settings"]["index"]["refresh_interval"] == "1s"
        assert live["settings"]["index"]["gc_deletes"] == "1h"
        held = client.indices.get_alias(index=f"{store.prefix}-*").body.values()
    aliases = sorted(alias for index in held for alias in index["aliases"])
    assert aliases == [f"{store.prefix}-live", f"{store.prefix}-previous"]


def test_an_index_that_goes_between_the_look_and_the_write_is_not_made_up(store: ElasticStore) -> None:
    """The server would make one of its own idea, without our mapping, and the site would search it."""
    operation = Upsert(a_document(1), 1)
    assert ElasticEngine(store.url, store.prefix)._send(f"{store.prefix}-live", {1: operation}) == {1}
    assert store.indexes() == set()


def test_a_rebuilt_index_is_put_into_one_piece(store: ElasticStore, engine: SearchEngine) -> None:
    engine.start_rebuild()
    for item in range(1, 6):
        engine.write([Upsert(a_document(item), 1)], building=True)
        engine.refresh()
    with store.client() as client:
        assert _pieces(client, f"{store.prefix}-building") > 1
        engine.finish_rebuild(expected=5)
        tasks = "/_tasks?actions=*forcemerge*&wait_for_completion=true"
        client.perform_request("GET", tasks, headers={"accept": "application/json"})
        client.indices.refresh(index=f"{store.prefix}-live")
        assert _pieces(client, f"{store.prefix}-live") == 1


def _pieces(client: Elasticsearch, alias: str) -> int:
    return len(client.cat.segments(index=alias, format="json").body)


def test_a_page_that_the_server_refuses_to_show_is_no_empty_page(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, a_document(1))
    monkeypatch.setattr(elastic, "shown_of", lambda *given: [{"query": {"nonsense": {}}}])
    with pytest.raises(EngineUnavailable, match="refuse la demande\u00a0: 400"):
        found_ids(engine)
