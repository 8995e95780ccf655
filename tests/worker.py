"""Does the background tasks that wait, as `manage.py db_worker` does them."""

from __future__ import annotations

from collections.abc import Iterable

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def do_tasks(rows: Iterable[DBTaskResult] | None = None) -> None:
    """These tasks, or all that are ready."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    for row in list(DBTaskResult.objects.ready() if rows is None else rows):
        worker.run_task(row)
