"""`manage.py doctor`: is everything well? One line a part, and exit status 1 if one is ill."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.core.wording import counted
from kb.home.diagnosis import diagnose


class Command(BaseCommand):
    help = "Vérifie chaque partie de l’installation ; le code de sortie est 1 si l’une est en défaut."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        findings = diagnose()
        for finding in findings:
            verdict = "ok" if finding.healthy else "ÉCHEC"
            self.stdout.write(f"{verdict:5} {finding.part} : {finding.text}")
        if ill := [finding for finding in findings if not finding.healthy]:
            raise CommandError(f"{counted(len(ill), 'point')} à corriger.")
