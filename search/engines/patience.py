"""How long a reader waits for the engine: a page asks it several things, and they have one time together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

READER_PATIENCE = 2.0
"""Seconds; the site has another answer."""

_end: ContextVar[float | None] = ContextVar("end of patience", default=None)


@contextmanager
def patience(seconds: float = READER_PATIENCE) -> Iterator[None]:
    """All that is asked in here is answered within these seconds, or not at all; inside another one, in its time."""
    end = time.monotonic() + seconds
    token = _end.set(min(end, outer) if (outer := _end.get()) is not None else end)
    try:
        yield
    finally:
        _end.reset(token)


def left() -> float:
    """Seconds that the next question has; none or less when the time is over."""
    end = _end.get()
    return READER_PATIENCE if end is None else end - time.monotonic()
