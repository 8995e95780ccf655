"""The drain: rows of the outbox become documents of the index.

One drain at a time. It takes waiting rows, folds them to one an item, takes a NEW number, THEN reads the items and
sends them with that number as version: a later number always means a later reading. A row is deleted by its own id
and after its own success, so a row that commits meanwhile waits for the next round, whatever its id.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Max
from django_tasks import task

from kb.core.locks import LockTaken, exclusively
from kb.core.wording import counted
from search.engines import get_engine
from search.engines.base import Delete, EngineUnavailable, Operation, SearchEngine, Upsert
from search.models import SearchChange

from . import outbox, serializing
from .eligibility import is_eligible

logger = logging.getLogger("vivier.search")

LOCK = "search-drain"
#: Seconds that a drain waits for another one, or for a batch of a rebuild.
PATIENCE = 60.0
BUSY = "Une autre mise à jour de l’index est en cours."
#: Rows of one round.
BATCH = 500


@dataclass
class Drained:
    """What a drain did. `failed`: items that stay in the outbox because the engine or the reading refused them."""

    items: int = 0
    failed: set[int] = field(default_factory=set)


def drain(engine: SearchEngine | None = None, *, patience: float = PATIENCE) -> Drained:
    """Empties the outbox. Raises EngineUnavailable (rows wait) or LockTaken (another drain is at it)."""
    with exclusively(LOCK, patience=patience):
        return drain_alone(engine or get_engine())


def drain_alone(engine: SearchEngine) -> Drained:
    """The same for a caller that holds the lock."""
    done = Drained()
    # What commits meanwhile has asked for a drain of its own: a steady stream must not keep the lock for ever.
    last = SearchChange.objects.aggregate(last=Max("pk"))["last"] or 0
    while rows := _waiting(done.failed, last):
        ids = set(rows.values())
        operations, failed = operations_for(ids)
        failed |= engine.write(operations)
        # Seen before the rows go: until then the rows say what may be shown no more (search.answering.withheld).
        engine.refresh()
        taken = [row for row, item in rows.items() if item not in failed]
        SearchChange.objects.filter(pk__in=taken).delete()
        done.items += len(ids - failed)
        done.failed |= failed
    return done


def operations_for(ids: Collection[int]) -> tuple[list[Operation], set[int]]:
    """What the index has to do so that it says of these items what the database says now, and ids that cannot be read.

    To be called with the drain's lock held: numbers and readings then have one order.
    """
    number = outbox.take_number()
    around = serializing.Surroundings.load()
    found: dict[int, Operation] = {}
    failed: set[int] = set()
    for item in serializing.load(ids):
        if not is_eligible(item):
            continue
        try:
            found[item.pk] = Upsert(serializing.document_of(item, around), number)
        except ValueError:
            # One unreadable item must not keep all others out of the index.
            logger.exception("item %s cannot be indexed", item.pk)
            failed.add(item.pk)
    return [found.get(pk) or Delete(pk, number) for pk in ids if pk not in failed], failed


def _waiting(failed: set[int], last: int) -> dict[int, int]:
    """Waiting rows up to `last`, id → item, save those of items that failed a moment ago."""
    rows = SearchChange.objects.filter(pk__lte=last).exclude(item_id__in=failed).order_by("pk")
    return dict(rows.values_list("pk", "item_id")[:BATCH])


@task(priority=50)  # before mails, which may wait for a slow server
def drain_outbox() -> str:
    """The background task. It never fails for want of an engine: rows wait, and `run_due` comes back."""
    try:
        done = drain()
    except EngineUnavailable as error:
        logger.warning("the outbox waits: %s", error.reason)
        return error.reason
    except LockTaken:
        logger.warning("the outbox waits: another drain has not ended")
        return BUSY
    return sentence(done)


def sentence(done: Drained) -> str:
    """What was done, in French."""
    text = f"{counted(done.items, 'fiche reportée')} dans l’index"
    return f"{text}, {len(done.failed)} en échec." if done.failed else f"{text}."
