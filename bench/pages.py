"""The whole search page: over HTTP as it is served, and in this process to see how its time splits."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from search.forms import query_string
from search.request import SearchRequest

ROOT = Path(__file__).resolve().parents[1]
READERS = ("anonymous", "member")


def addresses(requests: Sequence[SearchRequest], least: int) -> list[str]:
    """Distinct addresses of the search page: the questions, then their second pages, then by date."""
    from dataclasses import replace

    found = [
        "/recherche/" + query_string(replace(request, sort=sort), page=page)
        for (sort, page), request in product(
            (("pertinence", 1), ("pertinence", 2), ("date", 1), ("date", 2)), requests
        )
    ]
    assert len(found) >= least
    return found[:least]


def session_of(role: str) -> str:
    """The cookie of somebody who has signed in."""
    from django.conf import settings
    from django.test import Client

    from kb.loading.accounts import person

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person(role), backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """gunicorn as scripts/serve becomes it, on a port of its own; the data is there already."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn"]
    full = os.environ | environment | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": "kb.settings.demo"}
    server = subprocess.Popen(
        command, cwd=ROOT, env=full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(120):
            try:
                _get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/healthz", "")
                break
            except OSError:
                time.sleep(0.5)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def over_http(port: int, asked: Sequence[str], cookie: str) -> list[float]:
    """Milliseconds of each page, from the request to its last byte, one after the other on one connection."""
    times = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for place, address in enumerate([*asked[:20], *asked]):
        start = perf_counter()
        page = _get(connection, address, cookie)
        if place >= 20:  # the others warm up
            times.append((perf_counter() - start) * 1000)
        assert "recherche en mode réduit" not in page.lower(), address
    return times


def _get(connection: http.client.HTTPConnection, address: str, cookie: str) -> str:
    try:
        connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()  # a worker lets an idle connection go
        connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, (answer.status, address)
    return text


class Split:
    """Where the time of a page goes. A step inside another one is taken out of it: each second counts once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open: list[tuple[str, float]] = []
        self._since = 0.0

    def step(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            self.enter(name)
            try:
                return call(*given, **named)
            finally:
                self.leave()

        return wrapped

    def enter(self, name: str) -> None:
        self._account()
        self._open.append((name, self._since))

    def leave(self) -> None:
        self._account()
        self._open.pop()

    def _account(self) -> None:
        now = perf_counter()
        if self._open:
            self.seconds[self._open[-1][0]] += now - self._since
        self._since = now


ENGINE_CALLS = ("search", "suggest", "find_ids", "similar", "holdings", "near", "explain", "status")


def split_of(asked: Sequence[str], cookie: str) -> dict[str, float]:
    """Mean milliseconds a page of engine, database, template and the rest (Python of views and middleware)."""
    from django.db import connection
    from django.template.backends.django import Template
    from django.test import Client

    from search.engines import get_engine

    split, engine = Split(), get_engine()
    client = Client(HTTP_HOST="127.0.0.1", HTTP_COOKIE=cookie)
    for address in asked[:20]:
        client.get(address)
    held = {name: getattr(engine, name) for name in ENGINE_CALLS if hasattr(engine, name)}
    render = Template.render

    def database(execute: Any, *given: Any) -> Any:
        return split.step("database", execute)(*given)

    try:
        for name, call in held.items():
            setattr(engine, name, split.step("engine", call))
        Template.render = split.step("template", render)  # type: ignore[method-assign]
        with connection.execute_wrapper(database):
            for address in asked:
                split.enter("rest")
                assert client.get(address).status_code == 200, address
                split.leave()
    finally:
        Template.render = render  # type: ignore[method-assign]
        for name in held:
            delattr(engine, name)
    return {name: seconds * 1000 / len(asked) for name, seconds in split.seconds.items()}
