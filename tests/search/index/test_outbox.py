from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from search.index import outbox
from search.index.draining import drain_outbox
from search.models import SearchChange

pytestmark = pytest.mark.database
real_transactions = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def tasks() -> Any:
    return DBTaskResult.objects.filter(task_path=drain_outbox.module_path)


@pytest.mark.django_db
def test_one_row_an_item() -> None:
    assert outbox.record([3, 5, 3]) == 2
    assert sorted(SearchChange.objects.values_list("item_id", flat=True)) == [3, 5]


@real_transactions
def test_a_change_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError, match=r"transaction\.atomic"):
        outbox.record([3])
    assert not SearchChange.objects.exists()


@real_transactions
def test_no_item_needs_no_transaction() -> None:
    assert outbox.record([]) == 0


@real_transactions
def test_a_rollback_takes_the_rows_and_the_task_along() -> None:
    with transaction.atomic():
        outbox.record([3])
        transaction.set_rollback(True)
    assert not SearchChange.objects.exists()
    assert not tasks().exists()


@real_transactions
def test_the_commit_asks_for_one_drain() -> None:
    with transaction.atomic():
        outbox.record([3])
        outbox.record([4])
        assert not tasks().exists()
    assert tasks().count() == 1


@real_transactions
def test_a_waiting_task_is_enough_and_a_started_one_is_not() -> None:
    for _ in range(2):
        with transaction.atomic():
            outbox.record([3])
    assert tasks().count() == 1
    tasks().update(status=TaskResultStatus.RUNNING)
    with transaction.atomic():
        outbox.record([3])
    assert tasks().count() == 2


@pytest.mark.django_db
def test_numbers_grow_and_can_be_pushed_on() -> None:
    first = outbox.take_number()
    assert outbox.take_number() == first + 1
    outbox.pass_number(first + 100)
    assert outbox.take_number() == first + 101
    outbox.pass_number(1)
    assert outbox.take_number() == first + 102


@real_transactions
def test_a_number_is_not_taken_inside_the_transaction_of_a_change() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        outbox.take_number()


@pytest.mark.django_db
def test_the_oldest_row_tells_the_lag() -> None:
    assert outbox.waiting_since() is None
    outbox.record([3])
    outbox.record([4])
    assert outbox.waiting_since() == SearchChange.objects.get(item_id=3).created_at
