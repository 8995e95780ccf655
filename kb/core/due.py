"""Runs the periodic jobs whose time has come, each alone: one that fails, or is still running, stops no other."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from django.utils import timezone

from .jobs import Job
from .locks import LockTaken, exclusively
from .models import JobRun

logger = logging.getLogger("vivier.jobs")


@dataclass(frozen=True)
class Ran:
    """A job that ran, and its line in French."""

    name: str
    failed: bool
    message: str


def next_time(job: Job, run: JobRun | None) -> datetime.datetime | None:
    """When the job is due; None if it never ran and so is due now."""
    return run.started_at + job.every if run is not None and run.started_at is not None else None


def is_due(job: Job, run: JobRun | None) -> bool:
    when = next_time(job, run)
    return when is None or when <= timezone.now()


def run_if_due(job: Job) -> Ran | None:
    """None when its time has not come, or when another process runs it at this moment."""
    try:
        with exclusively(f"job-{job.name}"):
            run = JobRun.objects.filter(name=job.name).first()
            return _run(job, run or JobRun(name=job.name)) if is_due(job, run) else None
    except LockTaken:
        return None


def _run(job: Job, run: JobRun) -> Ran:
    # Said before the job runs: one that is killed is seen to have begun and not to have ended.
    run.started_at, run.finished_at, run.failed, run.message = timezone.now(), None, False, ""
    run.save()
    try:
        run.message = job.run()
    except Exception as error:  # whatever it is, the other jobs have their turn
        logger.exception("the job %s failed", job.name)
        run.failed, run.message = True, str(error) or type(error).__name__
    run.finished_at = timezone.now()
    run.save()
    return Ran(job.name, run.failed, run.message)
