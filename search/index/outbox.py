"""The outbox: a change of an item writes a row here in its own transaction, so that neither exists without the other.

After the commit a task is asked to drain the rows into the index (search.index.draining). The request never waits for
the engine; when nobody drains, the rows wait.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.db.models import Min
from django.db.transaction import TransactionManagementError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from search.models import SearchChange, SearchCounter

#: Rows of one INSERT.
CHUNK = 1_000


def record(ids: Iterable[int]) -> int:
    """Writes one row an item and returns how many. Raises TransactionManagementError outside a transaction.

    Without any id it asks for nothing, so a new term may be made anywhere.
    """
    items = iter(dict.fromkeys(ids))
    written = 0
    while chunk := list(islice(items, CHUNK)):
        if not transaction.get_connection().in_atomic_block:
            raise TransactionManagementError(
                "A change of an item is recorded in the transaction of the change: wrap both in transaction.atomic()."
            )
        written += len(SearchChange.objects.bulk_create(SearchChange(item_id=item) for item in chunk))
    if written:
        # Robust: the change is committed by then, and rows that nobody was called for wait for `run_due`.
        transaction.on_commit(ask_for_drain, robust=True)
    return written


def ask_for_drain() -> None:
    """Puts the task in the queue, unless one waits there: it will start after this commit and see its rows."""
    from .draining import drain_outbox  # the drain reads the outbox

    waiting = DBTaskResult.objects.filter(task_path=drain_outbox.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        drain_outbox.enqueue()


def take_number() -> int:
    """A number that no reading had before. To be taken before the reading that it numbers.

    Durable: it is committed when this returns, so a later number always means a later reading.
    """
    with transaction.atomic(durable=True):
        counter, _ = SearchCounter.objects.select_for_update().get_or_create(pk=1)
        counter.value += 1
        counter.save(update_fields=["value"])
    return counter.value


def pass_number(number: int) -> None:
    """The next number will be larger than `number`: the database may have been restored from before the index."""
    with transaction.atomic(durable=True):
        counter, _ = SearchCounter.objects.select_for_update().get_or_create(pk=1)
        if counter.value < number:
            counter.value = number
            counter.save(update_fields=["value"])


def waiting_since() -> datetime.datetime | None:
    """When the oldest waiting row was written; None when none waits."""
    oldest: datetime.datetime | None = SearchChange.objects.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest
