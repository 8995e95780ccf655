"""`manage.py run_due [--list]`: what the system's own scheduler calls every few minutes, and the only thing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kb.core.due import next_time, run_if_due
from kb.core.jobs import all_jobs
from kb.core.models import JobRun
from kb.core.wording import counted


class Command(BaseCommand):
    help = "Exécute les tâches périodiques dont l’heure est venue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="montre les tâches sans les exécuter")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.list()
            return
        ran = [done for done in map(run_if_due, all_jobs()) if done is not None]
        quiet = options["verbosity"] == 0
        for done in ran:
            if done.failed or not quiet:
                self.stdout.write(f"{done.name} : {'ÉCHEC, ' if done.failed else ''}{done.message}")
        if not ran and not quiet:
            self.stdout.write("Aucune tâche à exécuter maintenant.")
        if failed := [done.name for done in ran if done.failed]:
            raise CommandError(f"{counted(len(failed), 'tâche')} en échec : {', '.join(failed)}.")

    def list(self) -> None:
        runs = {run.name: run for run in JobRun.objects.all()}
        for job in all_jobs():
            run = runs.get(job.name)
            when = next_time(job, run)
            due = (
                f"{timezone.localtime(when):%d/%m/%Y à %H h %M}"
                if when
                else "dès maintenant, jamais exécutée"
            )
            message = f" ({'échec : ' if run.failed else ''}{run.message})" if run and run.message else ""
            self.stdout.write(f"{job.name} : prochaine exécution {due}{message}")
