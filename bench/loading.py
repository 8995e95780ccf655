"""What `load_demo --scale N` costs an item, beside `add_child`, Wagtail's own way to make a page (the yardstick).

    .venv/bin/python bench/loading.py [N]

Runs in a folder of its own, on SQLite and the embedded index, and prints the table of docs/benchmarks.md.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter

YARDSTICK_PAGES = 200


def main(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from kb.loading import scale
    from resources.models import TeachingIndex, TeachingResource
    from search.engines import get_engine
    from search.index.rebuilding import rebuild

    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("load_demo")

    start = perf_counter()
    with transaction.atomic():
        parent = TeachingIndex.objects.get()
        for number in range(YARDSTICK_PAGES):
            parent.add_child(
                instance=TeachingResource(
                    title=f"Étalon {number}",
                    slug=f"etalon-{number}",
                    summary="s",
                    objective="<p>o</p>",
                    steps="<p>s</p>",
                )
            )
        transaction.set_rollback(True)
    yardstick = (perf_counter() - start) / YARDSTICK_PAGES

    start = perf_counter()
    scale.generate(count)
    generated = (perf_counter() - start) / count
    start = perf_counter()
    indexed = rebuild(get_engine())
    indexing = (perf_counter() - start) / indexed

    print(f"\n{'':24}{'ms an item':>12}{'of add_child':>14}{f'{count} items, s':>18}")
    for name, cost in (
        ("add_child", yardstick),
        ("load_demo --scale", generated),
        ("search_rebuild", indexing),
    ):
        print(f"{name:24}{cost * 1000:12.2f}{cost / yardstick:14.3f}{cost * count:18.1f}")
    print(f"\n{distinct_words():,} distinct words in titles and first sections")


def distinct_words() -> int:
    """Of what was generated; the sections that are not read here hold the same sentences."""
    from resources.models import PracticeSheet, TeachingResource, Training

    found: set[str] = set()
    for model, field in ((TeachingResource, "objective"), (PracticeSheet, "context"), (Training, "aims")):
        rows = model.objects.filter(slug__startswith="engendre-").values_list("title", field)
        for row in rows.iterator():
            found.update(word for text in row for word in re.findall(r"[^\W\d_]+", text.casefold()))
    return len(found)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings.demo")
    with tempfile.TemporaryDirectory(prefix="vivier-bench-") as folder:
        os.environ["VIVIER_VAR_DIR"] = folder
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
