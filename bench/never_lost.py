"""Is anything ever lost? Two processes write, a worker drains, a reader asks, and what serves the index is killed.

    .venv/bin/python bench/never_lost.py [elasticsearch] [embedded] [--items 500]

For each engine a site of its own in a temporary folder (SQLite; with DATABASE_URL a database of its own on that
PostgreSQL server), and for Elasticsearch a server of its own (scripts/elasticsearch). 500 items are published,
unpublished and deleted at random by two processes, each change in one transaction, while `db_worker` drains. Meanwhile
the server is killed with -9 and started again (the embedded engine has none: its writer, the worker, is killed), twice.
Then: two drains at once, drains killed half-way, changes during a rebuild, rebuilds killed half-way. A reader asks all
the while, as the site does, for 100 items that nobody touches: it must find 100 each time, whoever answers.

Prints what was done, a line a proof, and ends with status 1 if one failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["kb.wsgi"])  # the site is loaded once: what is forked begins at once
WRITERS = 2
UNTOUCHED = 100
WORD = "pérenne"
PATIENCE = 300.0


# What the processes of the site do.


def quietly() -> None:
    """What the site logs of a server that was killed is what was to be expected."""
    logging.disable(logging.ERROR)


def publish(page: Any) -> None:
    page.title = f"Fiche {random.randrange(10**6)}"
    page.save_revision().publish()


CHANGES: dict[str, Callable[[Any], object]] = {
    "published": publish,
    "unpublished": lambda page: page.unpublish(),
    "deleted": lambda page: page.delete(),
}


def write(ids: list[int], seed: int, pause: float, line: Any) -> None:
    """One change to each of these items, in any order: published, unpublished or deleted. Errors are told."""
    from django.db import transaction

    from resources.models import TeachingResource

    quietly()
    random.seed(seed)
    random.shuffle(ids)
    done: Counter[str] = Counter()
    errors, slowest = [], 0.0
    for pk in ids:
        name = random.choice(list(CHANGES))
        began = time.monotonic()
        try:
            with transaction.atomic():
                CHANGES[name](TeachingResource.objects.get(pk=pk))
            done[name] += 1
        except Exception as error:  # noqa: BLE001 - that none comes is the proof
            errors.append(repr(error))
        slowest = max(slowest, time.monotonic() - began)
        line.send(pk)
        time.sleep(pause)
    line.send((done, errors, slowest))


def read(enough: Event, line: Any) -> None:
    """What the search page asks, again and again."""
    from search.answering import answer
    from search.request import SearchRequest

    quietly()
    counts: Counter[int] = Counter()
    errors, reduced, slowest = [], 0, 0.0
    line.send("ready")
    while not enough.is_set():
        began = time.monotonic()
        try:
            results = answer(SearchRequest(WORD, page_size=1), frozenset({"all"}))
        except Exception as error:  # noqa: BLE001 - as above
            errors.append(repr(error))
            continue
        slowest = max(slowest, time.monotonic() - began)
        counts[results.count] += 1
        reduced += results.reduced
        time.sleep(0.01)
    line.send((counts, reduced, errors, slowest))


def drain_all(line: Any) -> None:
    from search.index.draining import drain

    line.send("ready")
    line.send(drain().items)


def rebuild_all(line: Any) -> None:
    from search.engines import get_engine
    from search.index import rebuilding

    rebuilding.BATCH = 50  # many portions: there is much to be killed in
    line.send("ready")
    line.send(rebuilding.rebuild(get_engine()))


class Process:
    """One of the functions above in a process of its own."""

    def __init__(self, do: Callable[..., None], *arguments: Any) -> None:
        self.line, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=do, args=(*arguments, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def says(self) -> Any:
        if not self.line.poll(PATIENCE):
            raise SystemExit("ÉCHEC a process says nothing")
        return self.line.recv()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


# What serves the index.


class Elasticsearch:
    """A server of this run alone."""

    name = "elasticsearch"
    killed = "the server"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "elasticsearch"
        self.url = self.start()

    def start(self) -> str:
        command = [ROOT / "scripts" / "elasticsearch", "start", "--dir", self.folder, "--port", "0"]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        return done.stdout.strip().partition("=")[2]

    def kill(self) -> None:
        for node in json.loads((self.folder / "service.json").read_text())["nodes"]:
            os.killpg(node["group"], signal.SIGKILL)

    def end(self) -> None:
        command = [ROOT / "scripts" / "elasticsearch", "stop", "--dir", self.folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Worker:
    """`manage.py db_worker`, which drains after each commit, and is started again when it dies."""

    name = "embedded"
    killed = "the worker"

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "db_worker", "--verbosity=0"], stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(60)


# The proofs.


class Proofs:
    """Lines, and whether all of them are good."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.failed = 0

    def say(self, holds: bool, text: str) -> None:
        self.failed += not holds
        print(f"{'PASS' if holds else 'ÉCHEC':6}{self.engine:14} {text}", flush=True)

    def clean(self, after: str) -> None:
        """The outbox is emptied, then index and database compared both ways."""
        from search.engines import get_engine
        from search.index.auditing import audit
        from search.index.draining import drain
        from search.models import SearchChange

        engine = get_engine()
        drain(engine)
        waiting, found = SearchChange.objects.count(), audit(engine)
        text = f"{after}: {found.compared} items compared, {len(found.ids)} differ, {waiting} wait"
        self.say(not found.ids and not waiting, text)


def make_items(number: int) -> list[int]:
    """Untouched ones, which hold a word that no other has, then as many to be changed, every fifth a draft."""
    from django.db import transaction

    from resources.models import TeachingIndex, TeachingResource

    ids = []
    parent = TeachingIndex.objects.get()
    for place in range(UNTOUCHED + number):
        untouched = place < UNTOUCHED
        with transaction.atomic():
            item = TeachingResource(
                title=f"Fiche {WORD} {place}" if untouched else f"Fiche {place}",
                slug=f"fiche-{place}",
                summary="Une fiche.",
                objective="<p>Objectif.</p>",
                steps="<p>Étapes.</p>",
                live=untouched or place % 5 != 0,
            )
            parent.add_child(instance=item)
            item.save_revision()
        if not untouched:
            ids.append(item.pk)
    return ids


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("ÉCHEC nothing happens")
        time.sleep(0.02)


def killed_while_writing(proofs: Proofs, served: Elasticsearch | Worker, items: list[int]) -> None:
    """The writers go on; what serves the index is killed at a quarter and at the half, and started after as long."""
    shares = [items[number::WRITERS] for number in range(WRITERS)]
    writers = [Process(write, share, seed, 0.02) for seed, share in enumerate(shares)]
    told: list[Any] = []
    results: list[Any] = []
    up, at, killings, dead_for = True, 0, [0.25, 0.4, 0.55, 0.7], 0.0
    while len(results) < WRITERS:
        for writer in writers[:]:
            while writer in writers and writer.line.poll(0.01):
                word = writer.line.recv()
                if isinstance(word, tuple):
                    results.append(word)
                    writers.remove(writer)
                else:
                    told.append(word)
        if at < len(killings) and len(told) >= killings[at] * len(items):
            at += 1
            if up:
                served.kill()
                began = time.monotonic()
            else:
                served.start()
                dead_for += time.monotonic() - began
            up = not up
    if not up:
        served.start()
    done = sum((result[0] for result in results), Counter())
    errors = [error for result in results for error in result[1]]
    counted = ", ".join(f"{number} {name}" for name, number in sorted(done.items()))
    slowest = max(result[2] for result in results)
    proofs.say(
        not errors and done.total() == len(items),
        f"{counted} by {len(shares)} processes, {served.killed} killed twice with -9 (dead for {dead_for:.0f} s): "
        f"{len(errors)} saves failed{f' ({errors[0]})' if errors else ''}, the slowest took {slowest:.2f} s",
    )
    proofs.clean("after the drain")


def change(items: list[int], share: slice) -> None:
    """Rows in the outbox: a change to each of these that is left."""
    from django.db import transaction

    from resources.models import TeachingResource

    for item in TeachingResource.objects.filter(pk__in=items).order_by("pk")[share]:
        with transaction.atomic():
            (item.unpublish if item.live and item.pk % 2 else item.save_revision().publish)()


def drains(proofs: Proofs, items: list[int]) -> None:
    """The rows of a hundred changes for two drains, then for three that are killed at different moments."""
    change(items, slice(0, 60))
    both = [Process(drain_all) for _ in range(2)]
    for process in both:
        process.says()
    shared = [process.says() for process in both]
    proofs.clean(f"two drains at once ({' + '.join(map(str, shared))} items)")
    for moment in (0.0, 0.03, 0.1, 0.2):
        change(items, slice(60, 120))
        process = Process(drain_all)
        process.says()
        time.sleep(moment)
        process.kill()
    proofs.clean("four drains killed half-way")


def rebuilds(proofs: Proofs, items: list[int]) -> None:
    process = Process(rebuild_all)
    process.says()
    before = 0
    while not process.line.poll(0.01):
        change(items, slice(before, before + 3))
        before = (before + 3) % 200
    proofs.clean(f"a rebuild of {process.says()} items beside changes")
    for moment in (0.0, 0.1, 0.3, 0.6):
        process = Process(rebuild_all)
        process.says()
        time.sleep(moment)
        process.kill()
        change(items, slice(0, 5))
    proofs.clean("four rebuilds killed half-way")
    process = Process(rebuild_all)
    process.says()
    proofs.clean(f"the next rebuild, of {process.says()} items")


def prove(engine: str, items: int) -> int:
    """All of it on the engine of the environment; returns how many proofs failed."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    changed = make_items(items)
    call_command("search_rebuild", stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    proofs = Proofs(engine)
    worker = Worker()
    enough = CONTEXT.Event()
    reader = Process(read, enough)
    reader.says()
    try:
        killed_while_writing(proofs, SERVED.get(engine, worker), changed)
        worker.end()
        drains(proofs, changed)
        worker.start()
        rebuilds(proofs, changed)
    finally:
        worker.end()
    enough.set()
    counts, reduced, errors, slowest = reader.says()
    proofs.say(
        set(counts) == {UNTOUCHED} and not errors,
        f"a reader asked {counts.total()} times for {UNTOUCHED} items and found {sorted(counts)} "
        f"({reduced} times in the reduced answer), {len(errors)} errors, the slowest answer took {slowest:.2f} s",
    )
    return proofs.failed


SERVED: dict[str, Elasticsearch] = {}


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """On the PostgreSQL server of DATABASE_URL; without one SQLite lies in the folder."""
    given = os.environ.get("DATABASE_URL", "")
    if not given:
        yield
        return
    import psycopg

    name = f"never_lost_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        os.environ["DATABASE_URL"] = given
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main(engine: str, items: int) -> int:
    with tempfile.TemporaryDirectory(prefix="vivier-bench-") as folder, contextlib.ExitStack() as stack:
        Path(folder).chmod(0o711)  # the server's own user passes
        os.environ["VIVIER_VAR_DIR"] = str(Path(folder) / "var")
        stack.enter_context(own_database())
        if engine == "elasticsearch":
            SERVED[engine] = server = Elasticsearch(Path(folder))
            stack.callback(server.end)
            os.environ["ELASTICSEARCH_URL"] = server.url
        return prove(engine, items)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings.demo"
    os.environ["PYTHONWARNINGS"] = "ignore"  # no static files were collected
    os.environ.pop("ELASTICSEARCH_URL", None)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("engines", nargs="*", metavar="engine")
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    engines = options.engines or ["elasticsearch", "embedded"]
    if options.one:
        sys.exit(main(engines[0], options.items) > 0)
    # A process each: the settings of one would be those of the other.
    command = [sys.executable, __file__, "--one", f"--items={options.items}"]
    sys.exit(max(subprocess.run([*command, engine], check=False).returncode for engine in engines))
