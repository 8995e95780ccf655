"""`manage.py search_rebuild`: a new index from the database, while the site serves the old one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.core.locks import LockTaken
from kb.core.wording import counted
from search.engines import get_engine
from search.engines.base import EngineUnavailable, RebuildRefused
from search.index.rebuilding import rebuild

WIDTH = 40


class Command(BaseCommand):
    help = "Reconstruit l’index de recherche à partir de la base ; l’ancien sert jusqu’à la fin."

    def handle(self, *args: Any, **options: Any) -> None:
        self.shown = -1
        try:
            done = rebuild(get_engine(), self.progress)
        except LockTaken as error:
            raise CommandError(
                "Une reconstruction ou une mise à jour de l’index est déjà en cours."
            ) from error
        except EngineUnavailable as error:
            raise CommandError(error.reason) from error
        except RebuildRefused as error:
            raise CommandError(f"L’ancien index reste en service. {error}") from error
        self.stdout.write(f"Index reconstruit : {counted(done, 'fiche')}.")

    def progress(self, done: int, total: int) -> None:
        """A bar on a terminal; elsewhere a line every tenth."""
        share = done / total if total else 1.0
        if self.stdout.isatty():
            bar = "#" * int(share * WIDTH)
            end = "\n" if done >= total else ""
            self.stdout.write(f"\r[{bar:.<{WIDTH}}] {done} / {total}", ending=end)
            self.stdout.flush()
        elif int(share * 10) > self.shown:
            self.shown = int(share * 10)
            self.stdout.write(f"{done} / {total} fiches")
