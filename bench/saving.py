"""What a save costs with Elasticsearch up, dead (nobody listens) and silent (it takes connections, never answers).

    .venv/bin/python bench/saving.py [120]

A site of its own in a temporary folder (SQLite; with DATABASE_URL a database of its own on that PostgreSQL server) and
a server of its own, behind a relay that is shut and opened. A save publishes a new version of an item in one
transaction, as a request does; `db_worker` drains beside. The three states take turns, so that whatever else the
machine does falls on all of them. Prints the table of docs/benchmarks.md; the yardstick is the server up: the median
may be 1.2 times as long, the slowest half a second longer. Ends with status 1 above that.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

ROOT = Path(__file__).resolve().parents[1]
STATES = {"up": "open", "dead": "closed", "silent": "silent"}
TURN = 20
"""Saves until the next state has its turn."""
ITEMS = 40
MEDIAN, SLOWEST = 1.2, 0.5


def main(saves: int, folder: Path, stack: ExitStack) -> bool:
    from never_lost import Elasticsearch, Worker, make_items, own_database

    from tests.search.relay import relayed

    stack.enter_context(own_database())
    server = Elasticsearch(folder)
    stack.callback(server.end)
    relay = stack.enter_context(relayed(server.url))
    os.environ["ELASTICSEARCH_URL"] = relay.url

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from resources.models import TeachingResource
    from search.models import SearchChange

    with Path(os.devnull).open("w") as nothing:
        call_command("migrate", verbosity=0)
        call_command("load_reference", stdout=nothing)
        items = make_items(ITEMS)
        call_command("search_rebuild", stdout=nothing)
    stack.callback(Worker().end)

    def save(number: int) -> float:
        start = perf_counter()
        with transaction.atomic():
            page = TeachingResource.objects.get(pk=items[number % ITEMS])
            page.title = f"Fiche {number}"
            page.save_revision().publish()
        return perf_counter() - start

    def settle() -> None:
        """With the server up, what the other states left is drained first."""
        deadline = monotonic() + 120
        while SearchChange.objects.exists() and monotonic() < deadline:
            sleep(0.2)

    for number in range(TURN):
        save(number)
    taken: dict[str, list[float]] = defaultdict(list)
    order = list(STATES)
    for turn in range(-(-saves // TURN)):
        for state in order[turn % 3 :] + order[: turn % 3]:
            relay.turn(STATES[state])  # type: ignore[arg-type]
            settle() if state == "up" else sleep(0.5)
            taken[state] += [save(number) for number in range(TURN)]
    relay.turn("open")
    settle()
    return table(taken) and not SearchChange.objects.exists()


def table(taken: dict[str, list[float]]) -> bool:
    """Printed; are all ratios below the bar?"""
    up = taken["up"]
    good = True
    print(f"\n{'':8}{'saves':>7}{'median, ms':>12}{'of up':>8}{'slowest, ms':>13}{'more than up, s':>17}")
    for state in STATES:
        times = taken[state]
        ratio, more = median(times) / median(up), max(times) - max(up)
        good = good and ratio <= MEDIAN and more <= SLOWEST
        print(
            f"{state:8}{len(times):7}{median(times) * 1000:12.1f}{ratio:8.2f}{max(times) * 1000:13.0f}{more:17.2f}"
        )
    print("PASS" if good else "ÉCHEC")
    return good


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings.demo"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    with tempfile.TemporaryDirectory(prefix="vivier-bench-") as own, ExitStack() as opened:
        Path(own).chmod(0o711)  # the server's own user passes
        os.environ["VIVIER_VAR_DIR"] = str(Path(own) / "var")
        sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 120, Path(own), opened))
