"""The folder of the embedded engine: which index is live, previous or being built, and who may write.

`indexes.json` names them and is replaced in one rename, so a process that is killed at any moment leaves the
state before or the state after; a folder that it does not name is waste and is swept. Writers of all
processes wait for one lock file, readers take none.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from search.engines.base import EngineUnavailable

LOCK_PATIENCE = 30.0
"""Seconds that a writer waits for another one; a write takes milliseconds, a batch less than one."""


@dataclass(frozen=True)
class Indexes:
    """The names of the indexes, each the name of a folder."""

    live: str | None = None
    previous: str | None = None
    building: str | None = None

    @property
    def named(self) -> set[str]:
        """Those that exist."""
        return {name for name in (self.live, self.previous, self.building) if name}


class IndexFolder:
    """Raises `EngineUnavailable` when the folder cannot be used or another writer does not end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._state = root / "indexes.json"

    def path(self, name: str) -> Path:
        """Where the index `name` lies."""
        return self.root / name

    def indexes(self) -> Indexes:
        """The state now; without a state file there is no index."""
        try:
            return Indexes(**json.loads(self._state.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Indexes()
        except (OSError, ValueError, TypeError) as error:
            raise EngineUnavailable(
                f"Le fichier {self._state} est illisible ({error}) : supprimez-le, puis reconstruisez l’index."
            ) from error

    @contextmanager
    def writing(self) -> Iterator[Indexes]:
        """The state, while nobody else writes. The lock ends with the process, however that ends."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.root / "write.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise EngineUnavailable(f"Le dossier de l’index n’est pas utilisable : {error}") from error
        try:
            self._take(lock)
            yield self.indexes()
        finally:
            os.close(lock)

    def name(self, indexes: Indexes) -> None:
        """Put this state in the place of the one before, sweep what it does not name; while `writing()`."""
        new = self._state.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(indexes), file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._state)
        for folder in self.root.glob("index-*"):
            if folder.name not in indexes.named:
                shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _take(lock: int) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EngineUnavailable("L’index est déjà en cours d’écriture.") from None
                time.sleep(0.005)
            else:
                return
