"""One rebuild, or one bulk of prepared bodies, in a process of its own: seconds, peak memory, and where the time went.

    .venv/bin/python bench/rebuilds.py rebuild|bulk

Prints one JSON object. To be run by bench/search.py, which sets the environment; the engine is that of the settings.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, thread_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def memory(name: str) -> float:
    """Megabytes of this process: VmHWM, its peak, or VmRSS."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


class Anonymous(Thread):
    """The peak of what this process itself holds: VmHWM counts the files of the index too, while they are mapped."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.ended = 0.0, Event()

    def run(self) -> None:
        while not self.ended.wait(0.05):
            self.peak = max(self.peak, memory("RssAnon"))


class Shares:
    """Seconds that the steps of a rebuild take: on the clock, and of this process's own work."""

    def __init__(self) -> None:
        self.clock: dict[str, float] = defaultdict(float)
        self.work: dict[str, float] = defaultdict(float)

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            clock, work = perf_counter(), thread_time()
            try:
                return call(*given, **named)
            finally:
                self.clock[name] += perf_counter() - clock
                self.work[name] += thread_time() - work

        return wrapped


def rebuild() -> dict[str, Any]:
    """The site's own rebuild, its steps wrapped from outside."""
    from search.engines import get_engine
    from search.index import serializing
    from search.index.rebuilding import rebuild as rebuild_index

    engine, shares = get_engine(), Shares()
    load = serializing.load
    serializing.load = shares.timed("reading", lambda ids: list(load(ids)))
    serializing.document_of = shares.timed("serialising", serializing.document_of)
    # The instance alone, whose type is the site's.
    engine.write = shares.timed("engine", engine.write)  # type: ignore[method-assign]
    anonymous = Anonymous()
    anonymous.start()
    before, start = memory("VmRSS"), perf_counter()
    items = rebuild_index(engine)
    seconds = perf_counter() - start
    anonymous.ended.set()
    return {
        "items": items,
        "seconds": seconds,
        "peak": memory("VmHWM"),
        "own": anonymous.peak,
        "before": before,
        "clock": shares.clock,
        "work": shares.work,
    }


def bulk() -> dict[str, Any]:
    """`parallel_bulk` as it comes, of the live index's own sources, to an index made as a rebuild makes it."""
    from django.conf import settings
    from elasticsearch import Elasticsearch
    from elasticsearch.helpers import parallel_bulk, scan

    from search.engines import get_engine

    engine, prefix = get_engine(), settings.SEARCH_INDEX_PREFIX
    client = Elasticsearch(settings.ELASTICSEARCH_URL.split(","), request_timeout=120)
    bodies = [
        {"_op_type": "index", "_id": hit["_id"], "_source": hit["_source"]}
        for hit in scan(client, index=f"{prefix}-live", size=500)
    ]
    engine.start_rebuild()
    try:
        start = perf_counter()
        for succeeded, answer in parallel_bulk(client, bodies, index=f"{prefix}-building"):
            assert succeeded, answer
        seconds = perf_counter() - start
        client.indices.refresh(index=f"{prefix}-building")
        assert client.count(index=f"{prefix}-building")["count"] == len(bodies)
    finally:
        engine.abandon_rebuild()
    return {"items": len(bodies), "seconds": seconds, "peak": memory("VmHWM")}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    import django

    django.setup()
    print(json.dumps({"rebuild": rebuild, "bulk": bulk}[sys.argv[1]]()))
