"""One process at a time: an advisory lock of the database on PostgreSQL, a locked file beside SQLite.

Both end with the process that holds them, however it ends, so a kill leaves nothing to clean up. PostgreSQL's belongs
to the connection: a pooler between Vivier and the database must keep sessions together.
"""

from __future__ import annotations

import fcntl
import os
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

#: The first half of our keys on PostgreSQL, so that another program in the same database has other ones.
NAMESPACE = "vivier"
INTERVAL = 0.02


class LockTaken(Exception):  # noqa: N818 - an answer, not a fault of the caller
    """Somebody else held the lock for longer than the caller was ready to wait."""


@contextmanager
def exclusively(name: str, *, patience: float = 0.0) -> Iterator[None]:
    """Nobody else is inside with the same `name`. Waits `patience` seconds, then raises `LockTaken`.

    Not to be nested: PostgreSQL would let the same connection in twice, and the file would not.
    """
    lock = _advisory(name, patience) if connection.vendor == "postgresql" else _file(name, patience)
    with lock:
        yield


@contextmanager
def _file(name: str, patience: float) -> Iterator[None]:
    folder = Path(settings.LOCK_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(name, patience, lambda: _take_file(descriptor))
        yield
    finally:
        os.close(descriptor)


def _take_file(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _advisory(name: str, patience: float) -> Iterator[None]:
    _wait(name, patience, lambda: _ask("pg_try_advisory_lock", name))
    try:
        yield
    finally:
        _ask("pg_advisory_unlock", name)


def _ask(function: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_key(NAMESPACE), _key(name)])
        return bool(cursor.fetchone()[0])


def _key(name: str) -> int:
    """A signed number of 32 bits, the same in every process."""
    return zlib.crc32(name.encode()) - 2**31


def _wait(name: str, patience: float, take: Callable[[], bool]) -> None:
    deadline = time.monotonic() + patience
    while not take():
        if time.monotonic() >= deadline:
            raise LockTaken(name)
        time.sleep(INTERVAL)
