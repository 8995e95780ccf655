"""What a suggestion costs while somebody types: the whole view, on each engine.

    .venv/bin/python bench/suggesting.py [N]

Loads the demo and N generated items (10,000) in a folder of its own, on SQLite, then types the beginnings of titles and
labels sign by sign, from the second sign on: middleware, session, rights, engine, answer, all but the socket. The
yardstick is the bar: 95 % of the answers within 50 ms. Elasticsearch is measured too when ELASTICSEARCH_URL names one,
in indexes of its own that are dropped afterwards. Prints the table of docs/benchmarks.md.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import uuid
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import quote

BAR = 50
"""Milliseconds."""

TEXTS, SHORTEST, LONGEST = 45, 2, 10

QUESTIONS, DAYS = 3000, 12
"""Past questions in the log, and the days on which each was asked at most."""


def main(count: int, elasticsearch: str) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings

    from kb.loading import scale
    from kb.loading.accounts import person
    from search.engines import get_engine
    from search.index.rebuilding import rebuild

    settings.STATIC_ROOT.mkdir()  # whitenoise would miss it
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo")
    scale.generate(count)
    log_questions()
    questions = typed()
    prefix = f"vivier-bench-{uuid.uuid4().hex[:8]}"
    print(f"\n{len(questions)} beginnings of titles and labels, {SHORTEST} to {LONGEST} signs\n")
    print(
        f"{'':28}{'p50 ms':>10}{'p95 ms':>10}{'max ms':>10}{f'p95 of {BAR} ms':>14}{'suggested':>11}{'of the log':>11}"
    )
    for url in filter(None, ("embedded", elasticsearch)):
        with override_settings(
            ELASTICSEARCH_URL="" if url == "embedded" else url,
            SEARCH_INDEX_PREFIX=prefix,
            ALLOWED_HOSTS=["*"],
        ):
            try:
                rebuild(get_engine())
                for reader, account in (("nobody", None), ("member", person("enseignant"))):
                    times, suggested = answered(questions, account)
                    report(f"{get_engine().name}, {reader}", times, suggested)
            finally:
                if settings.ELASTICSEARCH_URL:
                    drop(url, prefix)


def typed() -> list[str]:
    """What somebody types, sign after sign, on the way to some title, term, tag or pôle: from any of its words on."""
    from kb.poles.models import Pole
    from kb.vocabulary.models import Tag, Term
    from resources.models import Item

    random = Random(5)
    titles = list(Item.objects.order_by("pk").values_list("title", flat=True))
    labels = [*Term.objects.order_by("pk").values_list("label", flat=True)]
    labels += [*Tag.objects.order_by("pk").values_list("name", flat=True)]
    labels += [*Pole.objects.order_by("pk").values_list("title", flat=True)]
    questions = []
    for text in [*random.sample(titles, TEXTS * 2 // 3), *random.sample(labels, TEXTS // 3)]:
        start = random.choice([word.start() for word in re.finditer(r"\w+", text)])
        end = min(len(text), start + LONGEST)
        questions += [text[start:stop] for stop in range(start + SHORTEST, end + 1)]
    return questions


def log_questions() -> None:
    """A year's log: one to three words of some title, most of them asked on five days or more."""
    from datetime import date, timedelta

    from resources.models import Item
    from search.analysis import question_key
    from search.models import AskedQuestion

    random, rows = Random(7), {}
    titles = list(Item.objects.order_by("pk").values_list("title", flat=True))
    for _ in range(QUESTIONS):
        words = random.choice(titles).split()
        start = random.randrange(len(words))
        key = question_key(" ".join(words[start : start + random.randint(1, 3)]))
        for day in random.sample(range(365), random.randint(1, DAYS)) if key else ():
            rows[key, day] = AskedQuestion(
                key=key,
                day=date(2026, 1, 1) + timedelta(day),
                count=random.randint(1, 40),
                times=random.randint(1, 9),
            )
    AskedQuestion.objects.bulk_create(rows.values(), batch_size=1000)
    print(f"{len({key for key, _ in rows}):,} past questions in {len(rows):,} rows")


def answered(questions: list[str], account: Any) -> tuple[list[float], Counter[str]]:
    """Milliseconds of each answer, and how many suggestions of each sort there were in all."""
    from django.test import Client

    client = Client()
    if account is not None:
        client.force_login(account)
    client.get("/recherche/suggestions/?q=zz")
    times, suggested = [], Counter[str]()
    for question in questions:
        start = perf_counter()
        answer = client.get(f"/recherche/suggestions/?q={quote(question)}")
        times.append((perf_counter() - start) * 1000)
        suggested.update(one["note"] for one in answer.json()["suggestions"])
    return times, suggested


def report(name: str, times: list[float], suggested: Counter[str]) -> None:
    ordered = sorted(times)
    median, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    times_told = f"{median:10.1f}{p95:10.1f}{ordered[-1]:10.1f}{p95 / BAR:14.2f}"
    print(f"{name:28}{times_told}{suggested.total():11}{suggested['Question fréquente']:11}")
    if p95 > BAR:
        print(f"{name}: over the bar")


def drop(url: str, prefix: str) -> None:
    from elasticsearch import Elasticsearch

    with Elasticsearch(url.split(",")) as client:
        for index in list(client.indices.get(index=f"{prefix}*")):
            client.indices.delete(index=index)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings.demo"
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="vivier-bench-") as folder:
        os.environ["VIVIER_VAR_DIR"] = folder
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, os.environ.pop("ELASTICSEARCH_URL", ""))
