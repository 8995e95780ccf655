"""Mails to people: one class a kind of mail, French, text and HTML, handed to a background task.

The task's row is written by the transaction of what the mail tells: no change without its mail, no mail before or
without its change, and a dead mail server costs the request nothing. A mail that could not leave stays in the table
of tasks, whole, as « failed », where `manage.py doctor` sees it; the job `mails` tries it again for three days.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from django_tasks import TaskResultStatus, task

from .jobs import Job

logger = logging.getLogger("vivier.mail")

#: For how long a mail that could not leave is tried again.
PATIENCE = timedelta(days=3)
#: A mail takes seconds: one that is « being sent » for longer has lost its worker.
LONGEST = timedelta(minutes=10)
_LINE_BREAKS = re.compile(r"[\r\n]+")


class Addressee(Protocol):
    """A person as a mail sees them."""

    email: str
    is_active: bool


class Notification:
    """One kind of mail: `<room>/mail/<name>_subject.txt`, `_body.txt` and `_body.html` among the templates.

    The templates get what the constructor was given, `person` (to whom) and `site` (the address of the site).
    """

    room: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, **context: Any) -> None:
        self.context = context

    def send(self, people: Iterable[Addressee]) -> int:
        """Hands one mail a person to the background task; who has left gets none. Returns how many."""
        addressees = {person.email: person for person in people if person.is_active and person.email}
        with transaction.atomic(), override("fr"):
            for address, person in sorted(addressees.items()):
                headers = self.headers(person)
                # Only where there are some: a worker of the version before still takes the other mails.
                deliver.enqueue(*self.render(person), address, *([headers] if headers else []))
        return len(addressees)

    def headers(self, person: Addressee) -> dict[str, str]:
        """What the mail's head says besides, in ASCII."""
        return {}

    def render(self, person: Addressee) -> tuple[str, str, str]:
        """Subject, text and HTML."""
        context = {**self.context, "person": person, "site": settings.WAGTAILADMIN_BASE_URL}
        path = f"{self.room}/mail/{self.name}"
        subject = _LINE_BREAKS.sub(" ", _plain(f"{path}_subject.txt", context).strip())
        return subject, _plain(f"{path}_body.txt", context), render_to_string(f"{path}_body.html", context)


def _plain(template: str, context: dict[str, Any]) -> str:
    """A text template rendered as text: there is nothing to escape where there is no HTML."""
    found = Engine.get_default().get_template(template)
    return str(found.render(Context(context, autoescape=False)))


@task()
def deliver(subject: str, text: str, html: str, address: str, headers: dict[str, str] | None = None) -> None:
    """Sends one mail; on failure says so in the log and lets the task fail, so that its row is kept.

    Rows that wait were written with four arguments, or with five.
    """
    message = EmailMultiAlternatives(
        subject, text, to=[address], headers={"Auto-Submitted": "auto-generated", **(headers or {})}
    )
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except Exception:
        logger.exception("A mail could not be sent: %s", subject)
        raise


def try_again() -> str:
    """Puts mails that could not leave, and are not too old, back among the tasks that wait.

    So too a mail whose worker was killed while it sent: it may leave twice, which is better than never.
    """
    from django_tasks_db.models import DBTaskResult  # needs the applications to be loaded

    now = timezone.now()
    broken_off = Q(status=TaskResultStatus.RUNNING, started_at__lt=now - LONGEST)
    kept = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.FAILED) | broken_off,
        task_path=deliver.module_path,
        enqueued_at__gte=now - PATIENCE,
    )
    count = kept.update(status=TaskResultStatus.READY, finished_at=None)
    return f"{count} courriel(s) à renvoyer."


RETRY = Job("mails", timedelta(minutes=15), try_again)
