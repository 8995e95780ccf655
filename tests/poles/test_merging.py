"""Two pôles become one: nothing is lost, everything follows, old addresses lead on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from kb.accounts.models import Membership, Role, User
from kb.accounts.tokens import staffs_pole, tokens_of
from kb.core.readers import State, Visibility, pole_token
from kb.core.signals import items_changed
from kb.moderation.merging import merge
from kb.moderation.publishing import ReviewRefused
from kb.moderation.signal_handlers import MERGED
from kb.poles.models import Establishment, EstablishmentKind, Pole, open_poles
from resources.models import PracticeSheet, TeachingResource

from ..items import make_item
from ..people import make_pole

pytestmark = pytest.mark.database


def merged(people: Any) -> int:
    return merge(people.pole, people.other_pole, people.coordination)


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


def test_sheets_move_in_every_state_and_say_so(people: Any) -> None:
    sheets = [
        make_item("practice", f"Fiche {state}", owner=people.facilitator, pole=people.pole, state=state)
        for state in State
    ]
    assert merged(people) == 3
    for sheet in sheets:
        moved = fresh(sheet)
        assert moved.get_parent().pk == moved.pole_id == people.other_pole.pk
        assert moved.draft_version().pole_id == people.other_pole.pk
        assert (moved.live, moved.workflow_in_progress) == (sheet.live, sheet.workflow_in_progress)
    assert Page.find_problems() == ([], [], [], [], [])


def test_other_items_and_their_old_versions_name_the_new_pole(people: Any) -> None:
    item = make_item(
        "teaching", "Ressource", owner=people.author, pole=people.pole, visibility=Visibility.POLE
    )
    item.title = "Ressource revue"
    item.save_revision(user=people.author)
    merged(people)
    assert fresh(item).pole_id == people.other_pole.pk
    assert not Revision.objects.filter(content__pole=people.pole.pk).exists()
    assert fresh(item).draft_version().pole_id == people.other_pole.pk
    assert TeachingResource.objects.readable_by(people.other_facilitator).filter(pk=item.pk).exists()


def test_people_and_establishments_follow(people: Any) -> None:
    school = Establishment.objects.create(
        uai="0211225T", name="Le Chapitre", kind=EstablishmentKind.COLLEGE, city="Chenôve", pole=people.pole
    )
    ended = Membership.objects.create(
        user=people.author,
        role=Role.FACILITATOR,
        pole=people.pole,
        since=datetime.date(2020, 9, 1),
        until=datetime.date(2021, 8, 31),
    )
    merged(people)
    facilitator = User.objects.get(pk=people.facilitator.pk)
    assert staffs_pole(facilitator, people.other_pole.pk)
    assert pole_token(people.pole.pk) not in tokens_of(facilitator)
    assert {group.name for group in facilitator.groups.all()} == {
        "Animateurs",
        f"Pôle n° {people.other_pole.pk}",
    }
    assert fresh(school).pole == people.other_pole
    assert fresh(ended).pole == people.pole  # what has been stays what it was


def test_old_addresses_lead_on(people: Any, client_of: Any) -> None:
    sheet = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)
    old_sheet, old_pole = sheet.get_url(), people.pole.get_url()
    merged(people)
    for old, new in ((old_sheet, fresh(sheet).get_url()), (old_pole, people.other_pole.get_url())):
        assert old != new
        answer = client_of().get(old)
        assert (answer.status_code, answer.headers["location"]) == (301, new)
        assert client_of().get(new).status_code == 200


def test_a_chain_of_mergings_leads_to_the_last(people: Any, client_of: Any) -> None:
    third = make_pole("Pôle troisième", "troisieme")
    old = people.pole.get_url()
    merged(people)
    merge(fresh(people.other_pole), third, people.coordination)
    assert fresh(people.pole).merged_into == third
    assert client_of().get(old).headers["location"] == third.get_url()


def test_two_sheets_of_one_name_both_stay(people: Any, client_of: Any) -> None:
    here = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)
    there = make_item("practice", "Trajet", owner=people.other_facilitator, pole=people.other_pole)
    old = here.get_url()
    merged(people)
    assert fresh(there).slug == "trajet"
    assert fresh(here).slug == "trajet-2"
    assert client_of().get(fresh(here).get_url()).status_code == 200
    assert client_of().get(old).headers["location"] == fresh(here).get_url()
    # A version of before the merging can still be published.
    fresh(here).latest_revision.publish(skip_permission_checks=True)
    assert fresh(here).slug == "trajet-2"


def test_the_pole_is_closed_for_good(people: Any) -> None:
    before = people.pole.save_revision()
    merged(people)
    pole = fresh(people.pole)
    assert pole.merged_into == people.other_pole
    assert pole.closed_on == timezone.localdate()
    assert not pole.is_open
    assert not pole.live
    # An old version of its text does not undo it.
    type(before).objects.get(pk=before.pk).publish(skip_permission_checks=True)
    assert fresh(pole).merged_into == people.other_pole


def test_the_history_of_both_says_so(people: Any) -> None:
    make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)
    merged(people)
    entries = {entry.page_id: entry for entry in PageLogEntry.objects.filter(action=MERGED)}
    assert entries.keys() == {people.pole.pk, people.other_pole.pk}
    assert entries[people.pole.pk].user == people.coordination
    assert "Pôle second" in entries[people.pole.pk].message
    assert "Pôle premier" in entries[people.other_pole.pk].message


def test_everything_that_changed_is_told(people: Any) -> None:
    sheet = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)
    item = make_item("teaching", "Ressource", owner=people.author, pole=people.pole)
    told: set[int] = set()

    def note(ids: Iterable[int], **kwargs: Any) -> None:
        told.update(ids)

    items_changed.connect(note)
    try:
        merged(people)
    finally:
        items_changed.disconnect(note)
    assert {sheet.pk, item.pk} <= told


def test_what_cannot_be_merged(people: Any) -> None:
    closed = make_pole("Pôle fermé", "ferme")
    Pole.objects.filter(pk=closed.pk).update(closed_on=timezone.localdate())
    hidden = make_pole("Pôle en préparation", "preparation")
    Pole.objects.filter(pk=hidden.pk).update(live=False)
    for target in (people.pole, closed, hidden):
        with pytest.raises(ReviewRefused):
            merge(people.pole, target, people.coordination)
    merged(people)
    with pytest.raises(ReviewRefused):
        merged(people)


def test_a_merging_that_fails_leaves_everything(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole)

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("the index room fails")

    items_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            merged(people)
    finally:
        items_changed.disconnect(fail)
    assert PracticeSheet.objects.get(pk=sheet.pk).get_parent().pk == people.pole.pk
    assert fresh(people.pole).live
    assert fresh(people.pole).merged_into is None


def test_open_poles_in_sql_and_one_by_one(people: Any) -> None:
    today = timezone.localdate()
    for number, closed_on in enumerate((today, today + datetime.timedelta(1), today - datetime.timedelta(1))):
        pole = make_pole(f"Pôle {number}", f"pole-{number}")
        Pole.objects.filter(pk=pole.pk).update(closed_on=closed_on)
    merged(people)
    assert set(open_poles()) == {pole for pole in Pole.objects.live() if pole.is_open}
    assert open_poles().count() == 2


@pytest.mark.parametrize("reader", ["coordination", "administrator"])
def test_the_coordination_merges_in_the_admin(reader: str, people: Any, client_of: Any) -> None:
    client = client_of(getattr(people, reader))
    address = reverse("merge_pole", args=[people.pole.pk])
    listing = client.get(reverse("wagtailadmin_explore", args=[people.pole.get_parent().pk]))
    assert address in listing.content.decode()
    form = client.get(address).content.decode()
    assert "Pôle second" in form
    for target in ("", "999999", str(people.pole.pk), "x"):
        answer = client.post(address, {"target": target})
        assert "Choisissez" in answer.content.decode()
    answer = client.post(address, {"target": str(people.other_pole.pk)}, follow=True)
    assert "est réuni à" in answer.content.decode()
    assert fresh(people.pole).merged_into == people.other_pole
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("reader", ["teacher", "tutor", "facilitator", "other_facilitator", "author"])
def test_nobody_else_merges(reader: str, people: Any, client_of: Any) -> None:
    client = client_of(getattr(people, reader))
    address = reverse("merge_pole", args=[people.pole.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"target": str(people.other_pole.pk)}).status_code == 404
    assert fresh(people.pole).merged_into is None
