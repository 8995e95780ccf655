"""`manage.py search_drain`: takes the waiting changes up into the index now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.core.locks import LockTaken
from search.engines.base import EngineUnavailable
from search.index.draining import drain, sentence


class Command(BaseCommand):
    help = "Reporte dans l’index de recherche les changements en attente."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = drain()
        except EngineUnavailable as error:
            raise CommandError(f"{error.reason} Les changements restent en attente.") from error
        except LockTaken as error:
            raise CommandError(
                "Une autre mise à jour de l’index est en cours : réessayez dans un instant."
            ) from error
        if done.failed:
            raise CommandError(
                f"{sentence(done)} Fiches concernées : {', '.join(map(str, sorted(done.failed)))}."
            )
        self.stdout.write(sentence(done))
