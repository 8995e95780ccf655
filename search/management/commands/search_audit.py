"""`manage.py search_audit [--repair]`: does the index say what the database says?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.core.locks import LockTaken
from kb.core.wording import counted
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.index.auditing import Differences, audit, repair

#: Ids of one line; the rest is counted.
SHOWN = 20


class Command(BaseCommand):
    help = "Compare l’index de recherche et la base ; le code de sortie est 1 s’il reste un écart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="réindexe les fiches en écart")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        try:
            found = self.compare(mend=repair)
        except EngineUnavailable as error:
            raise CommandError(error.reason) from error
        except LockTaken as error:
            raise CommandError(
                "Une mise à jour de l’index est en cours : réessayez dans un instant."
            ) from error
        if found.ids:
            raise CommandError(f"{counted(len(found.ids), 'écart')} entre l’index et la base.")
        self.stdout.write("L’index et la base concordent.")

    def compare(self, *, mend: bool) -> Differences:
        engine = get_engine()
        found = audit(engine)
        self.stdout.write(f"{counted(found.compared, 'fiche comparée')}.")
        self.list(found)
        if found.ids and mend:
            found = repair(engine, found)
            self.stdout.write("Après réparation :")
            self.list(found)
        return found

    def list(self, found: Differences) -> None:
        for label, ids in (
            ("Modifiées", found.altered),
            ("Absentes", found.missing),
            ("En trop", found.stray),
        ):
            shown = ", ".join(map(str, sorted(ids)[:SHOWN]))
            rest = f" et {len(ids) - SHOWN} autres" if len(ids) > SHOWN else ""
            self.stdout.write(f"{label} : {shown or 'aucune'}{rest}")
