from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kb.loading.reference import load_reference


class Command(BaseCommand):
    help = "Charge les vocabulaires, les zones d’emploi et les établissements ; ce qui existe est laissé tel quel."

    def handle(self, *args: Any, **options: Any) -> None:
        tally = load_reference()
        self.stdout.write(f"Données de référence : {tally.made} ajoutée(s), {tally.kept} déjà là.")
