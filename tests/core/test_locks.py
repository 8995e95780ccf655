from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kb.core.locks import LockTaken, exclusively

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def elsewhere(threads: ThreadPoolExecutor, what: Callable[[], Any]) -> Future[Any]:
    """In another thread, so on another connection."""

    def run() -> Any:
        try:
            return what()
        finally:
            connection.close()

    return threads.submit(run)


def take(name: str, patience: float = 0.0) -> str:
    with exclusively(name, patience=patience):
        return "taken"


def test_one_at_a_time() -> None:
    with ThreadPoolExecutor(1) as threads:
        with exclusively("essai"):
            with pytest.raises(LockTaken):
                elsewhere(threads, lambda: take("essai")).result()
            assert elsewhere(threads, lambda: take("un autre")).result() == "taken"
        assert elsewhere(threads, lambda: take("essai")).result() == "taken"


def test_who_is_patient_comes_next() -> None:
    with ThreadPoolExecutor(1) as threads:
        with exclusively("essai"):
            next_one = elsewhere(threads, lambda: take("essai", patience=30))
            assert not next_one.done()
        assert next_one.result() == "taken"


def test_an_error_inside_gives_the_lock_back() -> None:
    with pytest.raises(ZeroDivisionError), exclusively("essai"):
        raise ZeroDivisionError
    with ThreadPoolExecutor(1) as threads:
        assert elsewhere(threads, lambda: take("essai")).result() == "taken"
