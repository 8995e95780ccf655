"""Each part is broken in turn: the line says so, and the exit status."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.core.jobs import all_jobs
from kb.core.models import JobRun
from kb.home import diagnosis
from kb.home.management.commands.doctor import Command as Doctor
from kb.learning import attestation_file
from search.engines import get_engine
from search.engines.breaker import Opened
from search.engines.outages import Announcement
from search.index.draining import drain_outbox
from search.models import SearchChange
from tests.search.engines.samples import make_empty

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PARTS = (
    "base de données",
    "migrations",
    "moteur de recherche",
    "file d’indexation",
    "tâches de fond",
    "courrier",
    "fichiers",
    "attestations",
    "tâches périodiques",
)


def call() -> dict[str, str]:
    """The lines, by part; what the command raises is kept under « error »."""
    out, error = io.StringIO(), ""
    try:
        call_command("doctor", stdout=out)
    except CommandError as raised:
        error = f"{raised} {raised.returncode}"  # what manage.py says, and exits with
    lines = {}
    for line in out.getvalue().splitlines():
        part, _, text = line[6:].partition("\u00a0: ")
        lines[part] = f"{line[:5].strip()} {text}"
    return {**lines, "error": error}


def ill(part: str) -> str:
    """What is said of `part`, which must be the only one that is ill."""
    lines = call()
    assert lines.pop("error") == "1 point à corriger. 1"
    assert [name for name, line in lines.items() if not line.startswith("ok ")] == [part]
    return lines[part].removeprefix("ÉCHEC ")


def free_port() -> int:
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


@pytest.fixture(autouse=True)
def healthy(db: None) -> None:
    """A site on which everything runs."""
    make_empty(get_engine())
    now = timezone.now()
    for job in all_jobs():
        JobRun.objects.create(name=job.name, started_at=now, finished_at=now, message="Fait.")


def test_a_healthy_site_has_one_good_line_a_part() -> None:
    lines = call()
    assert lines.pop("error") == ""
    assert tuple(lines) == PARTS
    assert all(line.startswith("ok ") and line.endswith(".") for line in lines.values())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("broken", [False, True], ids=["healthy", "ill"])
def test_the_exit_status(broken: bool, capfd: pytest.CaptureFixture[str], settings: LazySettings) -> None:
    """As manage.py runs it: `run_from_argv` turns what a command raises into the status of the process."""
    if broken:
        settings.MEDIA_ROOT = "/dev/null/nowhere"
    status = 0
    try:
        Doctor().run_from_argv(["manage.py", "doctor"])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == int(broken)
    assert ("ÉCHEC fichiers" in capfd.readouterr().out) is broken


def test_no_database() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kb.settings.test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    [line] = [line for line in ran.stdout.splitlines() if "base de données\u00a0:" in line]
    assert line.startswith("ÉCHEC base de données\u00a0: la base de données ne répond pas (")
    assert len(ran.stdout.splitlines()) == len(PARTS)
    assert any(line.startswith("ok    fichiers") for line in ran.stdout.splitlines())


def test_a_migration_that_was_not_run() -> None:
    MigrationRecorder.Migration.objects.filter(app="search", name="0002_asking").delete()
    assert ill("migrations") == "1 migration en attente\u00a0: «\u00a0manage.py migrate\u00a0»."


def test_no_index(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"
    assert "manage.py search_rebuild" in ill("moteur de recherche")


def test_no_engine(settings: LazySettings) -> None:
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    assert ill("moteur de recherche").endswith("La recherche répond en mode réduit.")


@pytest.mark.parametrize(("minutes", "lasting"), [(1, False), (6, True)])
def test_another_process_that_leaves_the_engine_alone(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, minutes: int, lasting: bool
) -> None:
    """It has just found nothing, or finds nothing for long while the engine answers here."""
    began = timezone.now() - timedelta(minutes=minutes)
    announce = Announcement(Path(settings.LOCK_DIR))
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: began)
        announce(Opened("Elasticsearch est injoignable.", 5))
    healthy = call()["moteur de recherche"]
    assert "mode réduit" not in healthy, "its pause is over: its next reader asks again"
    announce(Opened("Elasticsearch est injoignable.", 60))
    said = ill("moteur de recherche") if lasting else call()["moteur de recherche"]
    counted = "1 minute" if minutes == 1 else f"{minutes} minutes"
    assert f"1 processus du site en mode réduit depuis {counted} (dernier motif" in said
    assert "Elasticsearch est injoignable." in said
    assert ("vérifiez que ces processus l’atteignent" in said) is lasting
    announce(None)
    assert call()["moteur de recherche"] == healthy


def test_an_address_of_the_engine_that_is_none(settings: LazySettings) -> None:
    settings.ELASTICSEARCH_URL = "localhost"
    assert "ELASTICSEARCH_URL n’est pas une adresse lisible" in ill("moteur de recherche")


def test_what_nobody_thought_of_hides_no_other_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble() -> str:
        raise ZeroDivisionError("par zéro")

    monkeypatch.setitem(diagnosis.PARTS, "courrier", stumble)
    assert ill("courrier") == "erreur imprévue (ZeroDivisionError\u00a0: par zéro)."


def test_changes_that_wait_too_long() -> None:
    SearchChange.objects.create(item_id=1)
    assert call()["file d’indexation"] == "ok 1 changement en attente depuis 0 minute."
    SearchChange.objects.update(created_at=timezone.now() - timedelta(minutes=16, seconds=5))
    assert ill("file d’indexation").startswith("1 changement en attente depuis 16 minutes")


def test_no_worker() -> None:
    drain_outbox.enqueue()
    assert call()["tâches de fond"].startswith("ok")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=6, seconds=5))
    assert "depuis 6 minutes" in ill("tâches de fond")


def test_a_task_that_failed() -> None:
    drain_outbox.enqueue()
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), exception_class_path="builtins.OSError"
    )
    assert "1 tâche en échec" in ill("tâches de fond")
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=4))
    assert call()["tâches de fond"].startswith("ok")


def test_a_task_that_a_killed_worker_left() -> None:
    drain_outbox.enqueue()
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, started_at=timezone.now() - timedelta(minutes=31)
    )
    assert "en plein travail" in ill("tâches de fond")


def test_a_note_about_a_page_that_went_is_no_failure() -> None:
    drain_outbox.enqueue()
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        task_path="wagtail.tasks.update_reference_index_task",
        exception_class_path="resources.models.TeachingResource.DoesNotExist",
    )
    assert call()["tâches de fond"].startswith("ok")


def test_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    server = Controller(Sink(), hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    server.start()
    where = f"127.0.0.1:{settings.EMAIL_PORT}"
    assert call()["courrier"] == f"ok {where} accepte la connexion."
    server.stop()
    assert ill("courrier").startswith(f"{where} n’accepte pas la connexion (")


def test_nothing_that_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without pango: the packages are named."""

    def absent(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(attestation_file, "import_module", absent)
    assert "installez pango (libpango-1.0-0" in ill("attestations")


def test_no_place_for_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "file"
    (tmp_path / "file").touch()
    assert ill("fichiers").startswith(f"impossible d’écrire dans {tmp_path / 'file'} (")


def test_the_trial_file_does_not_stay(settings: LazySettings) -> None:
    call()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"failed": True, "message": "Le disque est plein."},
            "search-drain (échec\u00a0: Le disque est plein.)",
        ),
        ({"started_at": timedelta(hours=1)}, "search-drain (en retard de 55 minutes)"),
        (
            {"started_at": timedelta(minutes=34), "finished_at": None},
            "search-drain (commencée, jamais terminée)",
        ),
        (None, "search-drain (jamais exécutée)"),
    ],
)
def test_a_job_that_does_not_run(change: dict[str, Any] | None, said: str) -> None:
    run = JobRun.objects.filter(name="search-drain")
    if change is None:
        run.delete()
    else:
        run.update(
            **{
                name: timezone.now() - value if isinstance(value, timedelta) else value
                for name, value in change.items()
            }
        )
    assert ill("tâches périodiques").startswith(f"{said}. ")
