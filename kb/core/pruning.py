"""Finished background tasks are forgotten: their rows hold whole mails, which nobody needs to keep."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from .jobs import Job
from .wording import counted

#: Days after which a task that succeeded, or failed, leaves the database.
KEPT_DAYS = 7
FAILED_KEPT_DAYS = 30


def prune() -> str:
    before = DBTaskResult.objects.count()
    call_command(
        "prune_db_task_results",
        min_age_days=KEPT_DAYS,
        failed_min_age_days=FAILED_KEPT_DAYS,
        queue_name="*",
        verbosity=0,
    )
    return f"{counted(before - DBTaskResult.objects.count(), 'ancienne tâche')} retirée(s) de la base."


PRUNE = Job("tasks", timedelta(hours=24), prune)
