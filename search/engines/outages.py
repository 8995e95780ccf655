"""Which processes of this machine leave the engine alone just now: said by each in a file, read by `doctor`.

A file is true as long as its process lives, which it shows by holding a lock on it: the lock ends with the process,
however that ends, and its number may go to another one. No disk, no word: a breaker works without.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from search.engines.breaker import Opened

logger = logging.getLogger("vivier.search")

FOLDER = "search-outages"


@dataclass(frozen=True)
class Outage:
    """One process that answers without the engine. `retry`: from then on its next reader tries again."""

    process: int
    since: datetime
    retry: datetime
    reason: str


class Announcement:
    """What this process says; to be called by its breaker with every new state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._held: tuple[int, Path, datetime] | None = None

    def __call__(self, opened: Opened | None) -> None:
        try:
            if opened is None:
                self._withdraw()
            else:
                self._say(opened)
        except OSError as error:
            logger.warning("doctor will not know of this outage: %s", error)

    def _say(self, opened: Opened) -> None:
        now = timezone.now()
        if self._held is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            _sweep(self._folder)
            path = self._folder / f"{os.getpid()}.json"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._held = file, path, now
            fcntl.flock(file, fcntl.LOCK_EX)  # one that looks holds it for a moment
        file, _, since = self._held
        outage = Outage(os.getpid(), since, now + timedelta(seconds=opened.pause), opened.reason)
        content = json.dumps(asdict(outage), default=datetime.isoformat).encode()
        os.pwrite(file, content, 0)
        os.ftruncate(file, len(content))

    def _withdraw(self) -> None:
        if self._held is None:
            return
        file, path, _ = self._held
        self._held = None
        path.unlink(missing_ok=True)
        os.close(file)


def outages(folder: Path) -> list[Outage]:
    """Those of living processes, longest first."""
    found = []
    for path in (folder / FOLDER).glob("*.json"):
        with _looking(path) as (content, alive):
            if alive:
                try:
                    held = json.loads(content)
                    since, retry = (datetime.fromisoformat(held[name]) for name in ("since", "retry"))
                    found.append(Outage(held["process"], since, retry, held["reason"]))
                except (KeyError, TypeError, ValueError):
                    continue  # read while it is being written
    return sorted(found, key=lambda outage: outage.since)


def _sweep(folder: Path) -> None:
    """What dead processes left. An empty file is one that somebody is just making."""
    for path in folder.glob("*.json"):
        with _looking(path) as (content, alive):
            if content and not alive:
                path.unlink(missing_ok=True)


@contextmanager
def _looking(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The content, and whether the process that wrote it lives; nothing when it cannot be read."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield b"", False
        return
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            alive = False
        except BlockingIOError:
            alive = True
        yield os.pread(file, 10_000, 0), alive
    finally:
        os.close(file)
