"""Another process of the site: `python -m tests.search.child '{"do": …, "database": …}'`.

It opens the test's own database, index and locks. Where a test wants to kill it, it says « here » and stands still.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings

WANTED = json.loads(sys.argv[1])
settings.DATABASES["default"]["NAME"] = WANTED["database"]
settings.SEARCH_INDEX_DIR = Path(WANTED["index"])
settings.LOCK_DIR = Path(WANTED["locks"])
django.setup()

from django.db import transaction  # noqa: E402 - after the set-up

from resources.models import TeachingResource  # noqa: E402
from search import rebuilding  # noqa: E402
from search.engines import get_engine  # noqa: E402
from search.engines.base import SearchEngine  # noqa: E402
from search.indexing import drain  # noqa: E402


def stand_still() -> None:
    print("here", flush=True)  # noqa: T201 - what the test waits for
    sys.stdin.read()


@contextmanager
def standing_still(engine: SearchEngine, point: str) -> Iterator[None]:
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


def drain_and_stop(point: str) -> None:
    engine = get_engine()
    with standing_still(engine, point):
        drain(engine)


def rebuild_and_stop(point: str) -> None:
    rebuilding.BATCH = 2
    engine = get_engine()
    with standing_still(engine, point):
        rebuilding.rebuild(engine)


def drain_all(patience: float) -> None:
    print(drain(patience=patience).items)  # noqa: T201 - the answer


def write_often(item: int, times: int, name: str) -> None:
    """Changes of one item, each in a transaction of its own, like as many requests."""
    for number in range(times):
        with transaction.atomic():
            page = TeachingResource.objects.select_for_update().get(pk=item)
            page.title = f"{name} {number}"
            page.save()


if __name__ == "__main__":
    {
        "drain_and_stop": drain_and_stop,
        "rebuild_and_stop": rebuild_and_stop,
        "drain_all": drain_all,
        "write_often": write_often,
    }[WANTED["do"]](**WANTED["with"])
