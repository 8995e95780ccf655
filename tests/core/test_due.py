from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from kb.core import jobs
from kb.core.due import run_if_due
from kb.core.jobs import Job, register
from kb.core.locks import exclusively
from kb.core.models import JobRun

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})


def job(name: str = "essai", every: timedelta = timedelta(hours=1), message: str = "Fait.") -> list[str]:
    """Registers a job; the list that comes back grows each time it runs."""
    calls: list[str] = []

    def run() -> str:
        calls.append(name)
        return message

    register(Job(name, every, run))
    return calls


def fail() -> str:
    raise RuntimeError("Le disque est plein.")


def run_due(*arguments: str) -> str:
    out = io.StringIO()
    call_command("run_due", *arguments, stdout=out)
    return out.getvalue()


def test_a_job_runs_when_its_time_has_come_and_not_before() -> None:
    calls = job()
    assert run_due() == "essai\u00a0: Fait.\n"
    assert run_due() == "Aucune tâche à exécuter maintenant.\n"
    assert calls == ["essai"]
    JobRun.objects.update(started_at=timezone.now() - timedelta(minutes=59))
    run_due()
    assert calls == ["essai"]
    JobRun.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    run_due()
    assert calls == ["essai", "essai"]
    assert JobRun.objects.count() == 1


def test_one_that_fails_stops_no_other_and_is_told() -> None:
    register(Job("a-casse", timedelta(hours=1), fail))
    calls = job("b-marche")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^1 tâche en échec\s: a-casse\.$"):
        call_command("run_due", stdout=out)
    assert calls == ["b-marche"]
    assert "a-casse\u00a0: ÉCHEC, Le disque est plein." in out.getvalue()
    run = JobRun.objects.get(name="a-casse")
    assert run.failed
    assert run.message == "Le disque est plein."
    assert run.finished_at is not None
    # It has had its turn: it runs again at its hour, and that run may be well.
    assert "Aucune" in run_due()
    JobRun.objects.update(started_at=timezone.now() - timedelta(hours=2))
    job("a-casse")
    run_due()
    assert not JobRun.objects.get(name="a-casse").failed


def test_a_job_that_is_killed_is_seen_to_have_begun() -> None:
    def killed() -> str:
        raise KeyboardInterrupt

    register(Job("essai", timedelta(hours=1), killed))
    with pytest.raises(KeyboardInterrupt):
        run_due()
    run = JobRun.objects.get(name="essai")
    assert run.started_at is not None
    assert run.finished_at is None


def test_the_list_runs_nothing() -> None:
    calls = job()
    assert run_due("--list") == "essai\u00a0: prochaine exécution dès maintenant, jamais exécutée\n"
    run_due()
    JobRun.objects.update(
        started_at=timezone.datetime(2026, 3, 1, 7, 5, tzinfo=timezone.get_default_timezone())
    )
    assert run_due("--list") == "essai\u00a0: prochaine exécution 01/03/2026 à 08 h 05 (Fait.)\n"
    assert calls == ["essai"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_job_that_another_process_runs_is_left_to_it() -> None:
    calls, others = job(), job("autre")
    [held] = [found for found in jobs.all_jobs() if found.name == "essai"]

    def elsewhere() -> object:
        try:
            return run_if_due(held)
        finally:
            connection.close()

    with exclusively("job-essai"), ThreadPoolExecutor(1) as threads:
        assert threads.submit(elsewhere).result() is None
        assert calls == []
    run_due()
    assert calls == ["essai"]
    assert others == ["autre"]
