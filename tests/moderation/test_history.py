"""What the history of a page says about how it came to the public, and how it left."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from kb.core.readers import State
from kb.moderation.signal_handlers import UNREVIEWED

from ..admin_form import fields_of
from ..items import approve, make_item
from .test_review import edit_address, state_of

pytestmark = pytest.mark.database

WORDS = "Publié par l’administration, sans relecture"


def history_of(page: Any, client: Any) -> str:
    return client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()


def test_what_an_administrator_publishes_says_so(people: Any, client_of: Any) -> None:
    page = make_item("teaching", "Directe", owner=people.teacher, state=State.DRAFT)
    administrator = client_of(people.administrator)
    form = fields_of(administrator, edit_address(page))
    administrator.post(edit_address(page), {**form, "action-publish": "1"})
    for reader in (people.coordination, people.teacher, people.administrator):
        assert WORDS in history_of(page, client_of(reader))
    assert PageLogEntry.objects.get(action=UNREVIEWED).user == people.administrator


def test_what_was_approved_does_not(people: Any, client_of: Any) -> None:
    page = make_item("teaching", "Relue", owner=people.teacher, state=State.IN_REVIEW)
    client = client_of(people.coordination)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state_of(page).pk])
    client.post(address, {"comment": "Très clair."})
    history = history_of(page, client)
    assert WORDS not in history
    assert "Très clair." in history


def test_an_approved_version_that_an_administrator_puts_back_says_so(
    people: Any, reviewer: Any, client_of: Any
) -> None:
    """The approval of another day is none of today's."""
    page = make_item("teaching", "Relue", owner=people.teacher, state=State.IN_REVIEW)
    approve(page, reviewer)
    client_of(people.coordination).post(
        reverse("retire", args=[page.pk]), {"reason": "Le car ne passe plus."}
    )
    assert WORDS not in history_of(page, client_of(people.coordination))
    client_of(people.administrator).post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}")
    history = history_of(page, client_of(people.coordination))
    assert WORDS in history
    assert "Le car ne passe plus." in history


def test_an_administrator_may_publish_what_waits_and_the_review_ends(people: Any, client_of: Any) -> None:
    page = make_item("teaching", "En attente", owner=people.teacher, state=State.IN_REVIEW)
    administrator = client_of(people.administrator)
    form = fields_of(administrator, edit_address(page))
    administrator.post(edit_address(page), {**form, "action-publish": "1"})
    page = type(page).objects.get(pk=page.pk)
    assert (page.live, page.workflow_in_progress) == (True, False)
    assert WORDS in history_of(page, administrator)
