"""The mails of the review: who gets one, when, and what it says. Sent to a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail as locmem
from django.db import transaction
from django.urls import reverse
from wagtail.models import TaskState

from kb.accounts.models import User
from kb.core.readers import State
from kb.moderation.retiring import retire
from resources.models import PracticeSheet

from ..admin_form import fields_of
from ..items import make_item, submit
from ..mailbox import Mailbox, deliver_mails, smtp_server, subject_of, text_of, waiting_mails

pytestmark = pytest.mark.database

COMMENT = "Précisez où passe le car : « à l’arrêt » ?\n<script>alert(1)</script>"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with smtp_server(settings) as mailbox:
        yield mailbox


def sheet(people: Any, state: State = State.DRAFT) -> PracticeSheet:
    return make_item("practice", "Été en forêt", owner=people.facilitator, pole=people.pole, state=state)


def decide(page: Any, user: User, action: str, **kwargs: Any) -> None:
    state = type(page).objects.get(pk=page.pk).current_workflow_task_state
    state.task.specific.on_action(state, user, action, **kwargs)


def received(mailbox: Mailbox) -> dict[str, str]:
    """Who got a mail, and its subject; the mails of before are forgotten."""
    mailbox.mails.clear()
    deliver_mails()
    found = {str(mail["To"]): subject_of(mail) for mail in mailbox.mails}
    assert len(found) == len(mailbox.mails)
    return found


def test_a_refusal_reaches_the_author_with_its_comment(people: Any, mailbox: Mailbox, client_of: Any) -> None:
    page = sheet(people, State.IN_REVIEW)
    received(mailbox)
    state = TaskState.objects.get()
    client_of(people.coordination).post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.pk]),
        {"comment": COMMENT},
    )
    assert received(mailbox) == {people.facilitator.email: "Modifications demandées\u00a0: Été en forêt"}
    mail = mailbox.of(people.facilitator.email)
    assert COMMENT in text_of(mail)
    html = text_of(mail, "html")
    assert "Précisez où passe le car : « à l’arrêt » ?" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html


def test_a_submission_reaches_who_may_approve_it(people: Any, reviewer: User, mailbox: Mailbox) -> None:
    page = sheet(people)
    page.save_revision(user=people.coordination)
    submit(page, people.facilitator)
    assert received(mailbox) == {reviewer.email: "À relire\u00a0: Été en forêt"}
    assert str(people.facilitator) in text_of(mailbox.of(reviewer.email))


def test_a_version_changed_in_review_and_one_submitted_again_are_told(
    people: Any, reviewer: User, mailbox: Mailbox, client_of: Any
) -> None:
    page = sheet(people, State.IN_REVIEW)
    assert received(mailbox).keys() == {people.coordination.email, reviewer.email}
    PracticeSheet.objects.get(pk=page.pk).save_revision(user=people.coordination)
    assert received(mailbox).keys() == {reviewer.email}
    decide(page, reviewer, "reject", comment="Plus court.")
    received(mailbox)
    client = client_of(people.facilitator)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.post(address, {**fields_of(client, address), "action-submit": "1"})
    # Still the same unapproved version: who wrote in it is not asked.
    assert received(mailbox).keys() == {reviewer.email}


def test_an_approval_reaches_the_authors_with_the_address_of_their_page(
    people: Any, mailbox: Mailbox, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://vivier.example"
    page = sheet(people)
    page.authors.set([people.author])
    page.save_revision(user=people.facilitator)
    submit(page, people.facilitator)
    received(mailbox)
    decide(page, people.coordination, "approve")
    subject = "Publiée\u00a0: Été en forêt"
    assert received(mailbox) == {people.facilitator.email: subject, people.author.email: subject}
    page = PracticeSheet.objects.get(pk=page.pk)
    mail = mailbox.of(people.author.email)
    assert f"\n\nhttps://vivier.example{page.url}\n" in text_of(mail)
    assert f'<a href="https://vivier.example{page.url}">' in text_of(mail, "html")


def test_a_retirement_reaches_the_authors_with_its_reason(people: Any, mailbox: Mailbox) -> None:
    page = make_item("practice", "Été en forêt", owner=people.author, pole=people.pole)
    retire(page, people.facilitator, "L’adresse a changé & n’existe plus.")
    assert received(mailbox) == {people.author.email: "Retirée\u00a0: Été en forêt"}
    mail = mailbox.of(people.author.email)
    assert "L’adresse a changé & n’existe plus." in text_of(mail)
    assert "L’adresse a changé &amp; n’existe plus." in text_of(mail, "html")
    assert str(people.facilitator) in text_of(mail)


def test_who_retires_their_own_page_needs_no_mail(people: Any, mailbox: Mailbox) -> None:
    page = make_item("practice", "Été en forêt", owner=people.facilitator, pole=people.pole)
    retire(page, people.facilitator, "Doublon.")
    assert received(mailbox) == {}


def test_who_has_left_gets_none(people: Any, mailbox: Mailbox) -> None:
    page = sheet(people, State.IN_REVIEW)
    received(mailbox)
    User.objects.filter(pk=people.facilitator.pk).update(is_active=False)
    decide(page, people.coordination, "approve")
    assert received(mailbox) == {}


def test_a_dead_mail_server_stops_no_review(people: Any, mailbox: Mailbox, client_of: Any) -> None:
    mailbox.refusing = True
    page = sheet(people, State.IN_REVIEW)
    state = TaskState.objects.get()
    answer = client_of(people.coordination).post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""}
    )
    assert answer.status_code == 302
    assert PracticeSheet.objects.get(pk=page.pk).live


def test_a_step_that_is_undone_sends_nothing(people: Any) -> None:
    page = sheet(people)
    with transaction.atomic():
        submit(page, people.facilitator)
        transaction.set_rollback(True)
    assert not waiting_mails().exists()


def test_wagtail_sends_no_mail_of_its_own(people: Any) -> None:
    """Its mails would go at once, by themselves, in its own words (to administrators too)."""
    page = sheet(people, State.IN_REVIEW)
    decide(page, people.coordination, "reject", comment="Plus court.")
    state = PracticeSheet.objects.get(pk=page.pk).current_workflow_state
    state.resume(user=people.facilitator)
    decide(page, people.coordination, "approve")
    assert locmem.outbox == []
    assert waiting_mails().count() == 4  # submitted, refused, submitted again, approved
