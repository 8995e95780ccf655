"""The circuit breaker of one process: when the server does not answer, one reader waits for it and not all of them.

Closed, every call goes through. One that ends with `EngineUnreachable` opens it: calls are then refused at once, with
the same reason, for a pause. After the pause one caller at a time goes through to try (half-open): what it finds
closes the breaker, or makes the next pause twice as long, up to the longest. An index that is missing or of another
schema is an answer: it opens nothing, and closes what was open.

One failure is enough: a page asks several things of the engine, and each would wait. So the first pause is short.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from search.engines.base import EngineLeftAlone, EngineUnavailable, EngineUnreachable

logger = logging.getLogger("vivier.search")

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
"""Seconds until the server is tried again."""


@dataclass(frozen=True)
class Opened:
    """Why it is open, and in how many seconds the next caller may try."""

    reason: str
    pause: float


Told = Callable[[Opened | None], None]
"""Called with each new state; None: closed. It must not raise."""


class Breaker:
    """Threads share it. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, told: Told = lambda opened: None) -> None:
        self._clock = clock
        self._told = told
        self._guard = threading.Lock()
        self._opened: Opened | None = None
        self._next_try = 0.0
        self._trying = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Around one call. Raises `EngineLeftAlone` instead of letting it through while the breaker is open."""
        seen = self._enter()
        try:
            yield
        except EngineUnreachable as error:
            self._judge(seen, error.reason)
            raise
        except EngineUnavailable:
            self._judge(seen, "")
            raise
        except BaseException:
            self._leave(seen)  # it says nothing of the server
            raise
        self._judge(seen, "")

    def _enter(self) -> Opened | None:
        """The state in which the call begins."""
        with self._guard:
            if self._opened is not None:
                if self._trying or self._clock() < self._next_try:
                    raise EngineLeftAlone(self._opened.reason)
                self._trying = True
            return self._opened

    def _leave(self, seen: Opened | None) -> None:
        with self._guard:
            if seen is not None:
                self._trying = False

    def _judge(self, seen: Opened | None, reason: str) -> None:
        """What a call found; no `reason`: the server answered."""
        with self._guard:
            if seen is not self._opened:
                return  # it began before the breaker opened, and says nothing that is not known
            self._trying = False
            if reason:
                pause = min(seen.pause * 2, LONGEST_PAUSE) if seen else FIRST_PAUSE
                self._opened = Opened(reason, pause)
                self._next_try = self._clock() + pause
                logger.warning("the engine is left alone for %d s: %s", pause, reason)
            elif seen:
                self._opened = None
                logger.info("the engine answers again")
            else:
                return
            # With the guard held: two states cannot arrive the wrong way round.
            self._told(self._opened)
