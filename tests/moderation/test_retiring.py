"""« Retirer »: by whom, with what reason, and what is left of the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from kb.accounts.models import Membership, Role
from kb.core.readers import State, Visibility
from kb.moderation.publishing import ReviewRefused
from kb.moderation.retiring import retire
from kb.moderation.signal_handlers import RETIRED
from resources.models import PracticeSheet, TeachingResource

from ..admin_form import fields_of
from ..items import approve, make_item
from ..people import make_user

pytestmark = pytest.mark.database


@pytest.fixture
def page(people: Any) -> PracticeSheet:
    return make_item("practice", "Trajet", owner=people.author, pole=people.pole)


def address(page: Any) -> str:
    return reverse("retire", args=[page.pk])


def is_live(page: Any) -> bool:
    return type(page).objects.get(pk=page.pk).live


@pytest.mark.parametrize("reader", ["author", "facilitator", "coordination", "administrator"])
def test_its_author_its_animateur_and_the_coordination_retire(
    reader: str, page: Any, people: Any, client_of: Any
) -> None:
    client = client_of(getattr(people, reader))
    assert "Motif" in client.get(address(page)).content.decode()
    answer = client.post(address(page), {"reason": "Le car ne passe plus."}, follow=True)
    assert "n’est plus en ligne" in answer.content.decode()
    assert not is_live(page)
    entry = PageLogEntry.objects.get(action=RETIRED, page=page.pk)
    assert entry.user == getattr(people, reader)
    assert entry.data == {"reason": "Le car ne passe plus."}
    assert "Le car ne passe plus." in entry.comment
    assert client_of().get(page.get_url()).status_code == 404


def test_the_animateur_retires_what_somebody_is_changing(people: Any, client_of: Any) -> None:
    """She may not read the draft that waits beside it; what is online is her pôle's all the same."""
    item = make_item("teaching", "Ressource", owner=people.author, pole=people.pole)
    item.title = "Changement secret"
    item.save_revision(user=people.author)
    client = client_of(people.facilitator)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[item.pk])).status_code == 404
    shown = client.get(address(item)).content.decode()
    assert "Motif" in shown
    assert "Changement secret" not in shown
    assert client_of(people.other_facilitator).get(address(item)).status_code == 404
    client.post(address(item), {"reason": "Le car ne passe plus."})
    assert not is_live(item)


def test_the_form_says_what_it_is_about(page: Any, people: Any, client_of: Any) -> None:
    shown = client_of(people.facilitator).get(address(page)).content.decode()
    assert "« Trajet » disparaît aussitôt" in shown
    assert "Retirer" in shown


def test_a_deputy_and_a_named_author_retire(page: Any, people: Any, client_of: Any) -> None:
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    client_of(deputy).post(address(page), {"reason": "Doublon."})
    assert not is_live(page)
    other = make_item("teaching", "Écrite à deux", owner=people.author)
    other.authors.set([people.teacher])
    other.save()
    client_of(people.teacher).post(address(other), {"reason": "Doublon."})
    assert not is_live(other)


@pytest.mark.parametrize("reader", ["anonymous", "teacher", "tutor", "other_facilitator"])
def test_nobody_else_sees_the_form(reader: str, page: Any, people: Any, client_of: Any) -> None:
    client = client_of(None if reader == "anonymous" else getattr(people, reader))
    for answer in (client.get(address(page)), client.post(address(page), {"reason": "Parce que."})):
        assert answer.status_code == (302 if reader == "anonymous" else 404)
        assert "Trajet" not in answer.content.decode()
    assert is_live(page)


def test_a_role_that_has_ended_retires_nothing(page: Any, people: Any, client_of: Any) -> None:
    Membership.objects.filter(user=people.facilitator).update(since="2020-01-01", until="2020-12-31")
    assert client_of(people.facilitator).post(address(page), {"reason": "Non."}).status_code == 404
    assert is_live(page)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_reason_is_needed(reason: str, page: Any, people: Any, client_of: Any) -> None:
    answer = client_of(people.coordination).post(address(page), {"reason": reason})
    text = answer.content.decode()
    assert "Indiquez pourquoi" in text or "ramenez-le à 2000" in text
    assert is_live(page)


def test_a_draft_has_nothing_to_retire(people: Any, client_of: Any) -> None:
    draft = make_item("practice", "Brouillon", owner=people.author, pole=people.pole, state=State.DRAFT)
    assert client_of(people.coordination).get(address(draft)).status_code == 404
    with pytest.raises(ReviewRefused):
        retire(draft, people.coordination, "Rien.")


def test_only_items_are_retired(people: Any, client_of: Any) -> None:
    for page in (people.pole, people.pole.get_parent()):
        assert client_of(people.administrator).get(address(page)).status_code == 404


def test_putting_it_back_is_a_review(people: Any, reviewer: Any, client_of: Any) -> None:
    client = client_of(people.author)
    sheet = make_item("teaching", "Ressource", owner=people.author, visibility=Visibility.MEMBERS)
    retire(sheet, people.author, "À revoir.")
    edit = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    form = fields_of(client, edit)
    client.post(edit, {**form, "action-publish": "1"})
    assert not is_live(sheet)
    client.post(edit, {**form, "action-submit": "1"})
    assert not is_live(sheet)
    approve(sheet, reviewer)
    assert TeachingResource.objects.get(pk=sheet.pk).live


def test_the_buttons_are_there_for_who_may(page: Any, people: Any, client_of: Any) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    listing = reverse("wagtailadmin_explore", args=[people.pole.pk])
    for place in (edit, listing):
        assert address(page) in client_of(people.facilitator).get(place).content.decode()
    assert address(people.pole) not in client_of(people.administrator).get(listing).content.decode()


def test_a_review_under_way_goes_on(page: Any, people: Any, reviewer: Any) -> None:
    page.title = "Trajet revu"
    page.save_revision(user=people.author)
    PracticeSheet.objects.get(pk=page.pk).get_workflow().start(page, people.author)
    retire(page, people.author, "En attendant la relecture.")
    assert PracticeSheet.objects.get(pk=page.pk).workflow_in_progress
    approve(page, reviewer)
    assert PracticeSheet.objects.get(pk=page.pk).title == "Trajet revu"
    assert is_live(page)
