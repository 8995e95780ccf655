"""A pôle that nobody approved, or that is offline: what hangs on it tells nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from kb.core.readers import State
from kb.moderation.publishing import ReviewRefused
from kb.poles.models import Pole, PoleIndex
from resources.models import PracticeSheet
from search.engines import get_engine
from search.index.rebuilding import rebuild

from ..admin_form import fields_of
from ..items import make_item, submit

pytestmark = pytest.mark.database

SECRET = "Pôle jamais relu"


@pytest.fixture
def draft_pole(people: Any) -> Pole:
    pole = Pole(title=SECRET, slug="jamais-relu", live=False, owner=people.coordination)
    PoleIndex.objects.get().add_child(instance=pole)
    pole.save_revision(user=people.coordination)
    return pole


def state_of(page: Any) -> TaskState:
    state: TaskState = type(page).objects.get(pk=page.pk).current_workflow_task_state
    return state


def approve(page: Any, user: Any) -> None:
    state = state_of(page)
    state.task.specific.on_action(state, user, "approve")


def test_nothing_is_published_with_it(draft_pole: Pole, people: Any, reviewer: Any) -> None:
    resource = make_item("teaching", "Ressource", owner=people.author, pole=draft_pole, state=State.IN_REVIEW)
    sheet = make_item("practice", "Fiche", owner=people.facilitator, pole=draft_pole, state=State.IN_REVIEW)
    for page in (resource, sheet):
        with pytest.raises(ReviewRefused, match="n’est pas en ligne"):
            approve(page, reviewer)
        assert not type(page).objects.get(pk=page.pk).live
    assert not PracticeSheet.can_create_at(draft_pole)


def test_a_closed_pole_takes_no_new_sheet_and_keeps_its_own(people: Any, reviewer: Any) -> None:
    old = make_item("practice", "Ancienne", owner=people.facilitator, pole=people.pole)
    new = make_item("practice", "Nouvelle", owner=people.facilitator, pole=people.pole, state=State.IN_REVIEW)
    resource = make_item(
        "teaching", "Ressource", owner=people.author, pole=people.pole, state=State.IN_REVIEW
    )
    Pole.objects.filter(pk=people.pole.pk).update(closed_on=timezone.localdate())
    with pytest.raises(ReviewRefused, match="fermé"):
        approve(new, reviewer)
    old.title = "Ancienne, revue"
    old.save_revision(user=people.facilitator)
    submit(old, people.facilitator)
    approve(old, reviewer)
    approve(resource, reviewer)
    assert PracticeSheet.objects.get(pk=old.pk).title == "Ancienne, revue"


@pytest.mark.parametrize("typed", ["its number", "abc", "1e3", "[]", "\x00", "9" * 30])
def test_a_typed_number_tells_nothing(typed: str, draft_pole: Pole, people: Any, client_of: Any) -> None:
    item = make_item("teaching", "Ressource", owner=people.author, state=State.DRAFT)
    client = client_of(people.author)
    address = reverse("wagtailadmin_pages:edit", args=[item.pk])
    form = fields_of(client, address)
    posted = str(draft_pole.pk) if typed == "its number" else typed
    answer = client.post(address, {**form, "pole": posted})
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()
    assert SECRET not in client.get(address).content.decode()
    assert type(item).objects.get(pk=item.pk).pole is None


def test_taken_offline_its_new_name_stays_a_draft(people: Any, client_of: Any) -> None:
    """What is not online is written without a review: nothing public names it meanwhile."""
    sheet = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)
    make_item("teaching", "Ressource", owner=people.author, pole=people.pole)
    Pole.objects.get(pk=people.pole.pk).unpublish()
    pole = Pole.objects.get(pk=people.pole.pk)
    pole.title = SECRET
    pole.save()
    rebuild(get_engine())
    for path in (
        "/",
        "/ressources/",
        "/ressources/ressource/",
        sheet.get_url(),
        "/recherche/",
        "/api/v1/search",
    ):
        answer = client_of().get(path)
        assert answer.status_code == 200, path
        assert SECRET not in answer.content.decode(), path
    assert client_of().get("/api/v1/search").json()["facets"]["pole"] == []
    pole.slug = "autre-adresse"
    with pytest.raises(ValidationError, match="hors ligne"):
        pole.full_clean()
