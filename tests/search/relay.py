"""A real server behind a door that can be shut: what comes through it falls silent, or is not let in at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit


class Relay:
    """`door`: open; silent, it takes every connection and says nothing; closed, it hangs up. `heard` counts what was
    asked, whatever became of it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url.split(",")[0])
        self._upstream = (address.hostname or "127.0.0.1", address.port or 9200)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.door: Literal["open", "silent", "closed"] = "open"
        self.heard = 0
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                theirs, _ = self._listener.accept()
                ours = socket.create_connection(self._upstream)
                self._open += theirs, ours
                self._start(theirs, ours, asking=True)
                self._start(ours, theirs, asking=False)

    def _start(self, source: socket.socket, target: socket.socket, *, asking: bool) -> None:
        thread = threading.Thread(target=self._pump, args=(source, target, asking))
        self._threads.append(thread)
        thread.start()

    def _pump(self, source: socket.socket, target: socket.socket, asking: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.heard += asking
                if self.door == "closed":
                    break
                if self.door == "open":
                    target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for end in (self._listener, *self._open):
            end.close()


@contextmanager
def relayed(url: str) -> Iterator[Relay]:
    relay = Relay(url)
    try:
        yield relay
    finally:
        relay.close()
