"""What another process of the site does, on the test's own database, index and locks.

Where a test wants to kill it, it says « here » and stands still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import django
from django.apps import apps

if not apps.ready:  # in the process from which the others are forked
    django.setup()

from django.conf import settings
from django.db import connections, transaction

from resources.models import TeachingResource
from search.engines import get_engine
from search.engines.base import SearchEngine
from search.index import rebuilding
from search.index.draining import drain
from search.request import SearchRequest


class Place(NamedTuple):
    """Where the test that starts a process works."""

    database: str
    index: Path
    locks: Path
    elasticsearch: str
    prefix: str


class Answer(NamedTuple):
    """What a process returned, or what it died of."""

    returned: Any = None
    error: str = ""


def run(do: Callable[..., Any], place: Place, line: Connection, arguments: dict[str, Any]) -> None:
    """The process itself: `do` is one of the functions below; it answers on the line."""
    connections["default"].settings_dict["NAME"] = place.database
    settings.SEARCH_INDEX_DIR, settings.LOCK_DIR = place.index, place.locks
    settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX = place.elasticsearch, place.prefix

    def stand_still() -> None:
        line.send("here")
        line.recv()

    try:
        line.send(Answer(do(stand_still=stand_still, **arguments)))
    except Exception as error:  # noqa: BLE001 - the test says what it expects
        line.send(Answer(error=repr(error)))


@contextmanager
def stopping(engine: SearchEngine, point: str, stand_still: Callable[[], None]) -> Iterator[None]:
    """At the first write: before it, or after it and so before its rows are deleted."""
    write = engine.write

    def stopped(*args: Any, **kwargs: Any) -> set[int]:
        if point == "before":
            stand_still()
        failed = write(*args, **kwargs)
        if point == "after":
            stand_still()
        return failed

    engine.write = stopped  # type: ignore[method-assign]
    yield


def drain_and_stop(point: str, stand_still: Callable[[], None]) -> None:
    engine = get_engine()
    with stopping(engine, point, stand_still):
        drain(engine)


def rebuild_and_stop(point: str, stand_still: Callable[[], None]) -> None:
    rebuilding.BATCH = 2
    engine = get_engine()
    with stopping(engine, point, stand_still):
        rebuilding.rebuild(engine)


def drain_all(patience: float, **_: Any) -> int:
    return drain(patience=patience).items


def write_often(item: int, times: int, name: str, **_: Any) -> None:
    """Changes of one item, each in a transaction of its own, like as many requests."""
    for number in range(times):
        with transaction.atomic():
            page = TeachingResource.objects.select_for_update().get(pk=item)
            page.title = f"{name} {number}"
            page.save()


def count_until_told(q: str, stand_still: Callable[[], None]) -> tuple[int, set[int]]:
    """Searches again and again from « here » until somebody speaks; how often, and the counts that came."""
    engine, answers, counts = get_engine(), 0, set()
    stand_still()
    told = Thread(target=stand_still)
    told.start()
    while told.is_alive():
        counts.add(engine.search(SearchRequest(q), frozenset({"all"})).count)
        answers += 1
    return answers, counts
