"""A new index beside the old one, then one swap; the site serves the old one meanwhile.

Each portion of items is numbered, read and written with the drain's lock held, so rebuild and drains share one order
of readings. Within it threads write pieces while the next is read: reading is work of this process, writing of the
engine. What changes meanwhile is drained to both indexes. A rebuild that is killed leaves the live index as it was; the
next one drops what it left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait

from kb.core.locks import exclusively
from search.engines.base import RebuildRefused, SearchEngine
from search.models import SearchChange

from . import draining
from .eligibility import eligible_ids, eligible_items

LOCK = "search-rebuild"
#: Items of one portion: the drain waits for one at most, a second or two.
BATCH = 1_000
#: Items that are read, then written, at once. The first is read and the last written alone: a portion has several.
PIECE = 250
#: Pieces under way at once: a server takes them side by side, the embedded engine one after the other.
WRITERS = 2

Progress = Callable[[int, int], None]
"""Called with the items done and their number at the start."""


def rebuild(engine: SearchEngine, progress: Progress = lambda done, total: None) -> int:
    """Rebuilds and returns how many items were read.

    Raises RebuildRefused (the live index is as before), EngineUnavailable, or LockTaken when another rebuild runs.
    """
    with exclusively(LOCK):
        engine.start_rebuild()
        try:
            done = _fill(engine, progress)
            _swap(engine)
        except BaseException:
            engine.abandon_rebuild()
            raise
        draining.drain(engine)
    return done


def _fill(engine: SearchEngine, progress: Progress) -> int:
    done, total = 0, eligible_items().count()
    progress(done, total)
    with ThreadPoolExecutor(WRITERS, "search-rebuild") as writers:
        for ids in eligible_ids(BATCH):
            with exclusively(draining.LOCK, patience=draining.PATIENCE):
                failed = _write(engine, ids, writers)
            if failed:
                raise RebuildRefused(
                    f"Des fiches n’ont pas pu être indexées : {', '.join(map(str, sorted(failed)))}."
                )
            done += len(ids)
            progress(done, total)
    return done


def _write(engine: SearchEngine, ids: list[int], writers: Executor) -> set[int]:
    """Puts one portion in the new index and returns the ids that failed. Nothing is under way when it ends."""
    failed: set[int] = set()
    pending: deque[Future[set[int]]] = deque()
    try:
        for first in range(0, len(ids), PIECE):
            operations, unreadable = draining.operations_for(ids[first : first + PIECE])
            failed |= unreadable
            if len(pending) == WRITERS:  # no further ahead: memory stays flat
                failed |= pending.popleft().result()
            pending.append(writers.submit(engine.write, operations, building=True))
        return failed.union(*(future.result() for future in pending))
    finally:
        # The lock is held until what was sent has ended, whatever happened meanwhile.
        wait(pending)


def _swap(engine: SearchEngine) -> None:
    """Puts the new index live if it holds every item that no waiting row could have changed since it was read."""
    with exclusively(draining.LOCK, patience=draining.PATIENCE):
        waiting = SearchChange.objects.values("item_id")
        engine.finish_rebuild(eligible_items().exclude(pk__in=waiting).count())
