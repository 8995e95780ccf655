"""The one list of periodic jobs. A room registers its own; `manage.py run_due` runs those whose time has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A function that may run again at any time without harm."""

    name: str
    every: timedelta
    run: Callable[[], str]
    """Returns one line in French that says what was done."""


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    _jobs[job.name] = job


def all_jobs() -> list[Job]:
    return sorted(_jobs.values(), key=lambda job: job.name)
