"""`manage.py search_evaluate DIR`: how well the search ranks a judged collection, on either engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engines import ENGINES, scratch_engine
from search.engines.base import EngineUnavailable
from search.relevance import Collection, Measures, evaluate, fill


class Command(BaseCommand):
    help = "Mesure la qualité de la recherche sur un dossier jugé (corpus.jsonl, queries.jsonl, qrels.tsv)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--engine", choices=ENGINES, help="par défaut, celui du site")
        parser.add_argument(
            "--queries", default="queries.jsonl", help="un autre fichier de questions du dossier"
        )
        parser.add_argument("--limit", type=int, help="les N premières questions seulement")
        parser.add_argument("--json", action="store_true", help="une ligne de JSON")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        self.shown = 0
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit attend un nombre d’au moins 1.")
        try:
            held = Collection.load(folder, options["queries"])
            with scratch_engine(options["engine"]) as engine:
                fill(engine, held.documents)
                found = evaluate(engine, held, options["limit"], self.progress)
                name = engine.name
        except ValueError as error:
            raise CommandError(str(error)) from error
        except EngineUnavailable as error:
            raise CommandError(error.reason) from error
        self.stdout.write(found.as_json() if options["json"] else table(name, found))

    def progress(self, done: int, total: int) -> None:
        """On a terminal only, beside the answer."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} / {total}", ending="\n" if done == total else "")


def table(engine: str, found: Measures) -> str:
    rows = (
        ("moteur", engine),
        ("questions", str(found.queries)),
        ("nDCG@10", f"{found.ndcg_at_10:.4f}"),
        ("MRR@10", f"{found.mrr_at_10:.4f}"),
        ("rappel@100", f"{found.recall_at_100:.4f}"),
        ("p50", f"{found.p50_ms:.1f} ms"),
        ("p95", f"{found.p95_ms:.1f} ms"),
        ("corrigées", f"{100 * found.corrected:.1f} %".replace(".", ",")),
    )
    return "\n".join(f"{label:12}{value:>14}" for label, value in rows)
