"""What `manage.py doctor` looks at: each part on its own, so that one that is ill does not hide another."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from kb.core.due import next_time
from kb.core.jobs import all_jobs
from kb.core.models import JobRun
from kb.core.wording import counted
from kb.learning.attestation_file import NoDrawing, drawing_library
from search.engines import engine_outages, engine_status
from search.index import outbox
from search.models import SearchChange

logger = logging.getLogger("vivier.doctor")

#: A change is in the index seconds after its commit; the job comes every five minutes.
LAG = timedelta(minutes=15)
#: A process tries again within a minute; one that finds nothing for longer has another trouble than the engine.
LASTING = timedelta(minutes=5)
#: A worker looks every second.
WAIT = timedelta(minutes=5)
#: No task takes as long; a mail that was broken off is taken up again before.
STUCK = timedelta(minutes=30)
#: For how long a failed task is told: mails are tried again for as long.
FAILURES = timedelta(days=3)
#: `run_due` is called every five minutes.
LATE = timedelta(minutes=30)


class Ill(Exception):  # noqa: N818 - a finding
    """What is wrong, in French, and what to do."""


@dataclass(frozen=True)
class Finding:
    """One line."""

    part: str
    healthy: bool
    text: str


def diagnose() -> list[Finding]:
    return [_look(part, look) for part, look in PARTS.items()]


def _look(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except Ill as finding:
        return Finding(part, False, str(finding))
    except DatabaseError as error:
        return Finding(part, False, f"la base de données ne répond pas ({_first_line(error)}).")
    except Exception as error:  # whatever it is, the other parts have their line
        logger.exception("doctor: %s", part)
        return Finding(part, False, f"erreur imprévue ({type(error).__name__} : {_first_line(error)}).")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return f"{connection.display_name} répond."


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Ill(f"{counted(len(waiting), 'migration')} en attente : « manage.py migrate ».")
    return "la base est à jour."


def _engine() -> str:
    status = engine_status()
    if not status.reachable:
        raise Ill(f"{status.detail} La recherche répond en mode réduit.")
    if status.index != "ready":
        raise Ill(f"{status.detail} Lancez « manage.py search_rebuild ».")
    return f"{status.detail}{_outages()}"


def _outages() -> str:
    """Processes that have not found yet that the engine answers, or that do not reach it from where they are."""
    now = timezone.now()
    # Where the pause is over, the next reader asks again.
    waiting = [outage for outage in engine_outages() if outage.retry > now]
    if not waiting:
        return ""
    first = waiting[0]
    text = (
        f"{len(waiting)} processus du site en mode réduit depuis {_minutes(first.since)} (dernier motif : "
        f"« {first.reason} »), nouvel essai d’ici une minute."
    )
    if now - first.since > LASTING:
        raise Ill(f"{text} Le moteur répond pourtant d’ici : vérifiez que ces processus l’atteignent.")
    return f" {text}"


def _outbox() -> str:
    oldest = outbox.waiting_since()
    if oldest is None:
        return "aucun changement n’attend."
    waiting = f"{counted(SearchChange.objects.count(), 'changement')} en attente depuis {_minutes(oldest)}"
    if timezone.now() - oldest > LAG:
        raise Ill(f"{waiting} : « manage.py search_drain » dira pourquoi.")
    return f"{waiting}."


def _worker() -> str:
    tasks = DBTaskResult.objects
    failed = tasks.filter(status=TaskResultStatus.FAILED, finished_at__gte=timezone.now() - FAILURES)
    # Wagtail's note of what names what, about a page that was deleted before its turn came.
    failed = failed.exclude(task_path__startswith="wagtail.", exception_class_path__endswith="DoesNotExist")
    stuck = tasks.filter(status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - STUCK)
    oldest = tasks.filter(status=TaskResultStatus.READY).aggregate(oldest=Min("enqueued_at"))["oldest"]
    if oldest is not None and timezone.now() - oldest > WAIT:
        raise Ill(f"une tâche attend depuis {_minutes(oldest)} : « manage.py db_worker » ne tourne pas.")
    if number := stuck.count():
        raise Ill(
            f"{counted(number, 'tâche')} en cours depuis plus d’une demi-heure : « manage.py db_worker » s’est arrêté "
            "en plein travail."
        )
    if number := failed.count():
        last = failed.latest("finished_at")
        raise Ill(
            f"{counted(number, 'tâche')} en échec depuis trois jours, la dernière est {last.task_path} "
            f"({last.exception_class_path})."
        )
    return "aucune tâche n’attend." if oldest is None else "les tâches sont prises en charge."


def _mail() -> str:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return f"les messages ne partent pas d’ici ({settings.EMAIL_BACKEND.split('.')[-2]})."
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mail = get_connection()
    try:
        mail.open()
        mail.close()
    except (OSError, smtplib.SMTPException) as error:
        raise Ill(
            f"{where} n’accepte pas la connexion ({_first_line(error)}) : vérifiez EMAIL_URL."
        ) from error
    return f"{where} accepte la connexion."


def _storage() -> str:
    content = b"doctor"
    try:
        name = default_storage.save("doctor/trial", ContentFile(content))
        try:
            with default_storage.open(name) as file:
                if file.read() != content:
                    raise Ill("un fichier écrit n’est pas relu tel quel.")
        finally:
            default_storage.delete(name)
    except OSError as error:
        raise Ill(f"impossible d’écrire dans {settings.MEDIA_ROOT} ({_first_line(error)}).") from error
    return f"{settings.MEDIA_ROOT} est accessible en écriture."


def _attestations() -> str:
    try:
        drawing_library()
    except NoDrawing as error:
        raise Ill(
            f"aucun PDF ne peut être fabriqué ({_first_line(error)}) : installez pango (libpango-1.0-0, "
            "libpangoft2-1.0-0)."
        ) from error
    return "les PDF se fabriquent."


def _jobs() -> str:
    runs = {run.name: run for run in JobRun.objects.all()}
    wrong: list[str] = []
    for job in all_jobs():
        run = runs.get(job.name)
        due = next_time(job, run)
        if run is None or due is None:
            wrong.append(f"{job.name} (jamais exécutée)")
        elif run.failed:
            wrong.append(f"{job.name} (échec : {run.message})")
        elif run.finished_at is None and run.started_at and timezone.now() - run.started_at > STUCK:
            wrong.append(f"{job.name} (commencée, jamais terminée)")
        elif timezone.now() > due + LATE:
            wrong.append(f"{job.name} (en retard de {_minutes(due)})")
    if wrong:
        raise Ill(f"{', '.join(wrong)}. Faites appeler « manage.py run_due » toutes les cinq minutes.")
    return f"{counted(len(all_jobs()), 'tâche')} à l’heure."


#: In the order of the lines.
PARTS: dict[str, Callable[[], str]] = {
    "base de données": _database,
    "migrations": _migrations,
    "moteur de recherche": _engine,
    "file d’indexation": _outbox,
    "tâches de fond": _worker,
    "courrier": _mail,
    "fichiers": _storage,
    "attestations": _attestations,
    "tâches périodiques": _jobs,
}


def _minutes(moment: datetime) -> str:
    return counted(int((timezone.now() - moment).total_seconds() // 60), "minute")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
