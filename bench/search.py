"""What a search costs beside the nearest thing that others do: the tables of docs/benchmarks.md.

    .venv/bin/python bench/search.py [N …] [--only a,b,c,d,e] [--keep NAME]

For each N (10,000 and 100,000 when none is given) generated items: (a) our engine call beside the same body sent with
the bare client; (b) a faceted answer beside Wagtail's own Elasticsearch backend; (c) beside its database search; (d) a
rebuild beside `parallel_bulk` of prepared bodies; (e) the search page over HTTP. On PostgreSQL and Elasticsearch: those
of DATABASE_URL and ELASTICSEARCH_URL, where it makes a database and indexes of its own and drops them at the end, or
else started in its folder by scripts/. With --keep, database, indexes and folder (under the system's folder of scratch
files) stay and are taken up again by the next run of that name. One hundred thousand items take about an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.request import SearchRequest

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000)
PARTS = "abcde"
#: Pages of part (e), for each engine and reader.
PAGES = 200


# What is measured ---------------------------------------------------------------------------------------------------


class Bench:
    """One size: the items are there, each part measures and gives its table."""

    def __init__(self, size: int, url: str) -> None:
        from django.contrib.auth.models import AnonymousUser

        from kb.accounts.tokens import tokens_of

        self.size, self.url = size, url
        self.readers = tokens_of(AnonymousUser())
        self.rounds = 5 if size <= 20_000 else 3
        self.rebuilt: dict[str, dict[str, Any]] = {}
        self.bulk: dict[str, Any] = {}

    def engine(self, name: str) -> Any:
        """Ours of that name: the settings say which, so the whole site follows."""
        from django.conf import settings

        from search.engines import get_engine

        settings.ELASTICSEARCH_URL = self.url if name == "elasticsearch" else ""
        engine = get_engine()
        assert engine.name == name
        return engine

    def child(self, what: str, engine: str) -> dict[str, Any]:
        """One rebuild or bulk in a process of its own."""
        from bench.measures import say

        say(f"  {what}, {engine}…")
        environment = os.environ | {"ELASTICSEARCH_URL": self.url if engine == "elasticsearch" else ""}
        environment["DJANGO_SETTINGS_MODULE"] = "kb.settings.demo"
        command = [sys.executable, str(ROOT / "bench" / "rebuilds.py"), what]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def prepare(self, parts: str) -> None:
        """Items, our two indexes, and Wagtail's where they are asked for."""
        from elasticsearch import Elasticsearch

        from bench import wagtail_search
        from bench.measures import say
        from kb.loading import scale
        from search.index.eligibility import eligible_items

        start = perf_counter()
        scale.generate(self.size, lambda done: say(f"  {done} items") if done % 10_000 == 0 else None)
        say(f"  items: {perf_counter() - start:.0f} s")
        for name in ("elasticsearch", "embedded"):
            status, items = self.engine(name).status(), eligible_items().count()
            if "d" in parts or (status.index, status.documents) != ("ready", items):
                self.rebuilt[name] = self.child("rebuild", name)
            if "d" in parts and name == "elasticsearch":
                self.bulk = self.child("bulk", name)
        for part, backend in (("b", "elasticsearch"), ("c", "default")):
            if part in parts:
                start = perf_counter()
                wagtail_search.rebuild(backend)
                say(f"  Wagtail’s {backend} index: {perf_counter() - start:.0f} s")
        with Elasticsearch(self.url.split(",")) as client:
            # What our rebuild leaves the server to do goes on for a minute.
            tasks = "/_tasks?actions=*forcemerge*"
            while client.perform_request("GET", tasks, headers={"accept": "application/json"}).body["nodes"]:
                sleep(1)
            # The server keeps answers that hold no hit, as Wagtail's counts of facets: from the second round on they
            # would cost nothing, where each question of a site is a new one.
            client.indices.put_settings(
                index=f"{os.environ['SEARCH_INDEX_PREFIX']}-*",
                settings={"index.requests.cache.enable": False},
            )
        if "c" in parts:
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as the server does by itself, later

    def requests(self) -> dict[str, list[SearchRequest]]:
        """The questions, understood as the site understands them: synonyms, carrying words."""
        from bench import questions
        from search.answering import synonyms, understood

        engine = self.engine("elasticsearch")
        return {
            kind: [understood(engine, request, self.readers, frozenset(), synonyms()) for request in asked]
            for kind, asked in questions.requests(engine, self.readers).items()
        }

    def a(self) -> str:
        """Our engine call beside the bare client."""
        from elastic_transport import Transport
        from elasticsearch import Elasticsearch

        from bench.measures import side_by_side, table

        engine, bare = self.engine("elasticsearch"), Elasticsearch(self.url.split(","))
        pool, rows, everything = ThreadPoolExecutor(), [], []
        perform = Transport.perform_request

        def bodies(request: SearchRequest) -> list[tuple[str, Any]]:
            """What the engine sends for this question: what it counts, and beside it what it shows."""
            sent: list[tuple[str, Any]] = []

            def listening(transport: Any, method: str, target: str, *given: Any, **named: Any) -> Any:
                if "search" in target:
                    sent.append((target, named["body"]))
                return perform(transport, method, target, *given, **named)

            Transport.perform_request = listening  # type: ignore[method-assign]
            try:
                engine.search(request, self.readers)
            finally:
                Transport.perform_request = perform  # type: ignore[method-assign]
            return sorted(sent, key=lambda pair: "aggs" not in pair[1])

        def send(target: str, body: Any) -> None:
            if "_msearch" in target:
                bare.msearch(searches=body)
            else:
                bare.search(index=target.split("/")[1], body=body)

        def sent_bare(bodies: list[tuple[str, Any]]) -> None:
            """The same, in the same way: the first beside the others."""
            beside = pool.submit(send, *bodies[0])
            for pair in bodies[1:]:
                send(*pair)
            beside.result()

        for kind, asked in self.requests().items():
            pairs = [(request, bodies(request)) for request in asked]
            assert all(len(sent) in (2, 3) for _, sent in pairs)  # nothing is shown of an empty page
            times = side_by_side(
                pairs,
                {
                    "ours": lambda pair: engine.search(pair[0], self.readers),
                    "bare": lambda pair: sent_bare(pair[1]),
                },
                self.rounds,
            )
            everything += list(zip(times["ours"], times["bare"], strict=True))
            rows.append(self._pair(kind, times["ours"], times["bare"]))
        rows.append(self._pair("all", *([pair[place] for pair in everything] for place in (0, 1))))
        heads = ("questions", "number", "ours, ms", "p95", "bare client, ms", "p95", "ours ÷ bare (≤ 1.3)")
        return table(heads, rows)

    @staticmethod
    def _pair(kind: str, ours: Sequence[float], other: Sequence[float]) -> list[object]:
        from bench.measures import p95

        return [
            kind,
            len(ours),
            median(ours),
            p95(ours),
            median(other),
            p95(other),
            median(ours) / median(other),
        ]

    def b(self) -> str:
        """With every facet, beside Wagtail's Elasticsearch backend."""
        from bench import wagtail_search
        from bench.measures import side_by_side, table
        from search.engines import elastic

        engine, rows, shown_of = self.engine("elasticsearch"), [], elastic.shown_of

        def unmarked(request: SearchRequest) -> None:
            """Ours without what Wagtail has not: the found words, marked."""
            elastic.shown_of = lambda *given: [
                body | {"highlight": {"fields": {}}} for body in shown_of(*given)
            ]
            try:
                engine.search(request, self.readers)
            finally:
                elastic.shown_of = shown_of

        for kind, asked in self.requests().items():
            times = side_by_side(
                asked,
                {
                    "ours": lambda request: engine.search(request, self.readers),
                    "unmarked": unmarked,
                    "wagtail": lambda request: wagtail_search.with_facets(
                        "elasticsearch", request, self.readers
                    ),
                    "plain": lambda request: wagtail_search.page_and_count(
                        wagtail_search.search("elasticsearch", request, self.readers, None), request.page_size
                    ),
                },
                self.rounds,
            )
            ours, plain, wagtail = (median(times[key]) for key in ("ours", "unmarked", "wagtail"))
            rows.append(
                [
                    kind,
                    len(asked),
                    ours,
                    wagtail,
                    wagtail / ours,
                    plain,
                    wagtail / plain,
                    median(times["plain"]),
                ]
            )
        heads = (
            "questions", "number", "ours, ms", "Wagtail with 12 facets, ms", "Wagtail ÷ ours (≥ 3)",
            "ours without marked words, ms", "Wagtail ÷ that", "Wagtail without facets, ms",
        )  # fmt: skip
        return table(heads, rows)

    def c(self) -> str:
        """Beside Wagtail's search on PostgreSQL: its hits and total alone, ours with every facet."""
        from bench import wagtail_search
        from bench.measures import side_by_side, table

        asked_by_kind, rows = self.requests(), []
        for name in ("elasticsearch", "embedded"):
            engine = self.engine(name)
            for kind, asked in asked_by_kind.items():
                calls = {
                    "ours": lambda request, engine=engine: engine.search(request, self.readers),
                    **{
                        operator: lambda request, operator=operator: wagtail_search.page_and_count(
                            wagtail_search.search("default", request, self.readers, operator),
                            request.page_size,
                        )
                        for operator in ("and", "or")
                    },
                }
                times = side_by_side(asked, calls, 1 if self.size > 20_000 else 3)
                ours, every, any_ = (median(times[key]) for key in ("ours", "and", "or"))
                rows.append([name, kind, ours, every, every / ours, any_, any_ / ours])
        heads = (
            "our engine", "questions", "ours, ms", "Wagtail, all words (its default), ms", "÷ ours (≥ 10)",
            "Wagtail, any word (as ours), ms", "÷ ours (≥ 10)",
        )  # fmt: skip
        return table(heads, rows)

    def d(self) -> str:
        """The rebuilds, beside `parallel_bulk` of prepared bodies."""
        from bench.measures import table

        rows: list[list[object]] = []
        speed = self.bulk["items"] / self.bulk["seconds"]
        for name, found in self.rebuilt.items():
            mine = found["items"] / found["seconds"]
            each = {step: seconds / found["items"] * 1000 for step, seconds in found["clock"].items()}
            rows.append(
                [
                    name, found["seconds"], mine, speed, mine / speed, each["reading"], each["serialising"],
                    each["engine"], f"{sum(found['work'].values()) / found['items'] * 1000:.2f}",
                    round(found["before"]), round(found["peak"]), round(found["own"]),
                ]
            )  # fmt: skip
        heads = (
            "engine", "rebuild, s", "items a second", "parallel_bulk, items a second", "ours ÷ bulk (≥ 0.4)",
            "reading, ms an item", "serialising", "engine (beside the others)", "work of the process",
            "memory before, MB", "peak, MB", "of which not files, MB",
        )  # fmt: skip
        return table(heads, rows)

    def e(self) -> str:
        """The page over HTTP, and in this process."""
        from bench import pages
        from bench.measures import p95, say, table

        asked = pages.addresses([request for kind in self.requests().values() for request in kind], PAGES)
        cookies = {"anonymous": "", "member": pages.session_of("enseignant")}
        rows = []
        for name in ("elasticsearch", "embedded"):
            self.engine(name)
            with pages.served({"ELASTICSEARCH_URL": self.url if name == "elasticsearch" else ""}) as port:
                http = {reader: pages.over_http(port, asked, cookie) for reader, cookie in cookies.items()}
            for reader, cookie in cookies.items():
                say(f"  pages, {name}, {reader}")
                split = pages.split_of(asked, cookie)
                steps = [split.get(step, 0.0) for step in ("engine", "database", "template", "rest")]
                rows.append([name, reader, len(asked), median(http[reader]), p95(http[reader]), *steps])
        heads = (
            "engine", "reader", "pages", "p50, ms", "p95, ms", "in process, mean ms: engine", "database",
            "template", "rest",
        )  # fmt: skip
        return table(heads, rows)


# The command --------------------------------------------------------------------------------------------------------


def run(sizes: Sequence[int], only: str, url: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.measures import say

    say("database, demo content, static files…")
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=sys.stderr)
    call_command("load_demo", stdout=sys.stderr)
    if "e" in only:
        call_command("collectstatic", interactive=False, verbosity=0)
    peaks: dict[str, dict[int, dict[str, float]]] = {"elasticsearch": {}, "embedded": {}}
    for size in sizes:
        say(f"{size} items")
        bench = Bench(size, url)
        bench.prepare(only)
        for name, found in bench.rebuilt.items():
            peaks[name][size] = found
        for part in only:
            say(f"part {part}")
            start, measure = perf_counter(), getattr(bench, part)
            text = measure()
            print(f"\n({part}) {size:,} items. {measure.__doc__}\n\n{text}", flush=True)
            say(f"  {perf_counter() - start:.0f} s")
    if "d" in only and len(sizes) > 1:
        for name, found in peaks.items():
            whole, own = (found[sizes[-1]][kind] - found[sizes[0]][kind] for kind in ("peak", "own"))
            print(
                f"\n(d) {name}: {whole:+.0f} MB of peak from {sizes[0]:,} to {sizes[-1]:,} items (≤ 60), "
                f"{own:+.0f} MB without mapped files"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, metavar="N", default=SIZES)
    parser.add_argument("--only", default=PARTS, help="parts, as in « a,b »")
    parser.add_argument("--keep", metavar="NAME")
    options = parser.parse_args()
    only = [part for part in PARTS if part in options.only]
    name = f"vivier-bench-{options.keep or os.getpid()}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(parents=True, exist_ok=True)
    from bench.servers import own_data, services

    try:
        with (
            services(folder) as (server, url),
            own_data(server, url, name, keep=bool(options.keep)) as database,
        ):
            os.environ["DATABASE_URL"], os.environ["ELASTICSEARCH_URL"] = database, url
            os.environ["SEARCH_INDEX_PREFIX"], os.environ["VIVIER_VAR_DIR"] = name, str(folder / "var")
            run(sorted(options.sizes), "".join(only), url)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.search_settings"
    main()
