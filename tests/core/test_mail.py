"""Mails reach a real SMTP server as they were written, after the commit and not before, and none is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kb.core.jobs import all_jobs
from kb.core.mail import Notification, deliver, try_again

from ..mailbox import Mailbox, deliver_mails, smtp_server, subject_of, text_of, waiting_mails

PERSON = SimpleNamespace(email="lectrice@demo.example", is_active=True)
GONE = SimpleNamespace(email="partie@demo.example", is_active=False)


class Refused(Notification):
    """A real class of the site's, named as kb.moderation names it."""

    room = "moderation"
    name = "refused"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with smtp_server(settings) as mailbox:
        yield mailbox


def refusal(title: str = "Été à l’œuvre", comment: str = "Précisez « où ».\n<b>Gras</b> & l'été") -> Refused:
    return Refused(page=SimpleNamespace(title=title, pk=12), comment=comment)


@pytest.mark.database
@pytest.mark.django_db
def test_french_subject_text_and_html(mailbox: Mailbox) -> None:
    assert refusal().send([PERSON]) == 1
    deliver_mails()
    mail = mailbox.of(PERSON.email)
    assert subject_of(mail) == "Modifications demandées\u00a0: Été à l’œuvre"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = text_of(mail), text_of(mail, "html")
    assert "Précisez « où ».\n<b>Gras</b> & l'été" in text  # a text is not HTML: nothing is escaped in it
    assert "/admin/pages/12/edit/" in text
    assert '<html lang="fr">' in html
    assert "&lt;b&gt;Gras&lt;/b&gt; &amp; l&#x27;été" in html
    assert "<b>" not in html


@pytest.mark.django_db
def test_a_title_cannot_write_headers(mailbox: Mailbox) -> None:
    refusal(title="Titre\r\nBcc: tous@demo.example").send([PERSON])
    deliver_mails()
    mail = mailbox.of(PERSON.email)
    assert mail["Bcc"] is None
    assert "Bcc: tous@demo.example" in subject_of(mail)


@pytest.mark.django_db
def test_one_mail_a_person_and_none_to_who_has_left(mailbox: Mailbox) -> None:
    assert refusal().send([PERSON, PERSON, GONE, SimpleNamespace(email="", is_active=True)]) == 1
    deliver_mails()
    assert [mail["To"] for mail in mailbox.mails] == [PERSON.email]


@pytest.mark.django_db
def test_a_row_of_before_the_headers_is_sent(mailbox: Mailbox) -> None:
    deliver.enqueue("Sujet", "texte", "<p>texte</p>", PERSON.email)
    headers = {"List-Unsubscribe": "<https://vivier.example/arreter/>"}
    deliver.enqueue("Sujet", "texte", "<p>texte</p>", PERSON.email, headers)
    deliver_mails()
    assert {mail["List-Unsubscribe"] for mail in mailbox.mails} == {None, headers["List-Unsubscribe"]}
    assert {mail["Auto-Submitted"] for mail in mailbox.mails} == {"auto-generated"}


@pytest.mark.database
@pytest.mark.django_db
def test_no_mail_without_the_change() -> None:
    with transaction.atomic():
        refusal().send([PERSON])
        transaction.set_rollback(True)
    assert not waiting_mails().exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_mail_before_the_commit(mailbox: Mailbox) -> None:
    """A worker, with a connection of its own, runs while the change is being written, and after it."""
    with transaction.atomic():
        refusal().send([PERSON])
        _elsewhere(deliver_mails)
        assert mailbox.mails == []
    _elsewhere(deliver_mails)
    assert len(mailbox.mails) == 1


def _elsewhere(work: Any) -> None:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (told to the test below)
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failed == []


@pytest.mark.django_db
def test_what_could_not_leave_is_kept_and_tried_again(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refusing = True
    refusal().send([PERSON])
    deliver_mails()
    kept = DBTaskResult.objects.failed().get()
    assert "A mail could not be sent" in caplog.text
    assert PERSON.email in kept.args_kwargs["args"]
    mailbox.refusing = False
    assert try_again() == "1 courriel(s) à renvoyer."
    deliver_mails()
    assert len(mailbox.mails) == 1
    assert not DBTaskResult.objects.failed().exists()


@pytest.mark.django_db
def test_patience_has_an_end(mailbox: Mailbox) -> None:
    mailbox.refusing = True
    refusal().send([PERSON])
    deliver_mails()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(days=4))
    assert try_again() == "0 courriel(s) à renvoyer."
    assert DBTaskResult.objects.failed().count() == 1  # still there for `doctor` to show


def test_trying_again_is_a_periodic_job() -> None:
    assert "mails" in [job.name for job in all_jobs()]


@pytest.mark.django_db
def test_a_mail_whose_worker_was_killed_is_sent_again(mailbox: Mailbox) -> None:
    refusal().send([PERSON])
    rows = DBTaskResult.objects.all()
    rows.update(status="RUNNING", started_at=timezone.now() - timedelta(minutes=5))
    assert try_again() == "0 courriel(s) à renvoyer."
    rows.update(started_at=timezone.now() - timedelta(minutes=11))
    assert try_again() == "1 courriel(s) à renvoyer."
    deliver_mails()
    assert len(mailbox.mails) == 1
