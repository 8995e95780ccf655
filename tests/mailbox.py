"""A real SMTP server on a free port, and what it took."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django_tasks_db.models import DBTaskResult

from kb.core.mail import deliver

from .worker import do_tasks


class Mailbox:
    """What the server took, as a mail program reads it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.refusing:
            return "451 Try again later"
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))  # type: ignore[arg-type]
        return "250 OK"

    def of(self, address: str) -> EmailMessage:
        """The one mail to `address`."""
        (mail,) = [mail for mail in self.mails if mail["To"] == address]
        return mail


def subject_of(mail: EmailMessage) -> str:
    return str(mail["Subject"]).strip()  # a long encoded subject begins on a line of its own


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def smtp_server(settings: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield mailbox
    finally:
        server.stop()


def waiting_mails() -> Any:
    return DBTaskResult.objects.ready().filter(task_path=deliver.module_path)


def deliver_mails() -> None:
    do_tasks(waiting_mails())
