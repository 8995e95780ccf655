"""A real server behind a door that can be shut: whoever comes through it is left without a word, or finds nobody."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

Door = Literal["open", "slow", "silent", "closed"]

SLOWNESS = 0.8
"""Seconds that each answer takes more through a slow door."""


class Relay:
    """`heard` counts the pieces that were asked, whatever became of them."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url.split(",")[0])
        self._upstream = (address.hostname or "127.0.0.1", address.port or 9200)
        self._threads: list[threading.Thread] = []
        self._ends: list[socket.socket] = []
        self._ended = threading.Event()
        self.door: Door = "open"
        self.heard = 0
        self._listen(0)
        self._port = int(self._ends[0].getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"

    def turn(self, door: Door) -> None:
        """Slow: each answer comes late. Silent: every connection is taken and nothing answers. Closed: none is, and
        those that stand end."""
        was, self.door = self.door, door
        if door == "closed":
            self.close()
        elif was == "closed":
            self._listen(self._port)

    def close(self) -> None:
        self._ended.set()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for end in self._ends:
            end.close()
        self._ends, self._threads = [], []
        self._ended = threading.Event()

    def _listen(self, port: int) -> None:
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self._ends.append(listener)
        self._start(self._accept, listener)

    def _start(self, do: object, *arguments: object) -> None:
        thread = threading.Thread(target=do, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                theirs, _ = listener.accept()
                ours = socket.create_connection(self._upstream)
                self._ends += theirs, ours
                self._start(self._pump, theirs, ours, True)
                self._start(self._pump, ours, theirs, False)

    def _pump(self, source: socket.socket, target: socket.socket, asking: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.heard += asking
                if self.door == "slow" and not asking:
                    self._ended.wait(SLOWNESS)
                if self.door in ("open", "slow"):
                    target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str) -> Iterator[Relay]:
    relay = Relay(url)
    try:
        yield relay
    finally:
        relay.close()
