from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.core.jobs import all_jobs
from kb.core.mail import deliver
from kb.core.pruning import prune

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def finished(status: str, days: int) -> str:
    task = deliver.enqueue("sujet", "texte", "<p>texte</p>", "lectrice@demo.example")
    DBTaskResult.objects.filter(pk=task.id).update(
        status=status, finished_at=timezone.now() - timedelta(days=days)
    )
    return str(task.id)


def test_old_tasks_go_and_with_them_the_mails_that_they_hold() -> None:
    kept = {
        finished(TaskResultStatus.SUCCESSFUL, 6),
        finished(TaskResultStatus.FAILED, 29),
        str(deliver.enqueue("sujet", "texte", "<p>texte</p>", "lectrice@demo.example").id),
    }
    finished(TaskResultStatus.SUCCESSFUL, 8)
    finished(TaskResultStatus.FAILED, 31)
    assert prune().startswith("2 ")
    assert {str(pk) for pk in DBTaskResult.objects.values_list("pk", flat=True)} == kept
    assert "tasks" in [job.name for job in all_jobs()]
