"""What each person may do with each page of the admin, asked of the testers and of the real addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, get_page_models

from kb.accounts.models import Membership, Role, User
from kb.core.pages import BasePage, permission_testers
from kb.core.readers import State
from kb.poles.models import Pole, PoleIndex
from resources.models import PracticeSheet, TeachingIndex, TrainingIndex

from ..admin_form import fields_of
from ..items import make_item
from ..people import make_pole, make_user

pytestmark = pytest.mark.database

READERS = (
    "teacher",
    "tutor",
    "facilitator",
    "other_facilitator",
    "coordination",
    "author",
    "administrator",
)


def who(people: Any, page: Page, question: str, *args: Any) -> set[str]:
    """The readers who may."""
    return {
        name
        for name in READERS
        if getattr(page.permissions_for_user(User.objects.get(pk=getattr(people, name).pk)), question)(*args)
    }


def sheet(people: Any, state: State = State.PUBLISHED, **fields: Any) -> PracticeSheet:
    return make_item("practice", "Trajet", owner=people.facilitator, pole=people.pole, state=state, **fields)


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/pages/1/", "/admin/sites/"])
def test_an_administrator_opens_the_top_of_the_tree(path: str, people: Any, client_of: Any) -> None:
    assert client_of(people.administrator).get(path).status_code == 200
    assert client_of(people.coordination).get("/admin/sites/").status_code == 404


def test_every_page_type_has_a_tester() -> None:
    for model in get_page_models():
        if issubclass(model, BasePage):
            assert permission_testers.get_by_type(model) is not None


def test_nobody_but_an_administrator_publishes(people: Any) -> None:
    for page in (sheet(people), people.pole, TeachingIndex.objects.get()):
        for question in ("can_publish", "can_publish_subpage", "can_reorder_children", "can_unschedule"):
            assert who(people, page, question) <= {"administrator"}
        assert who(people, page, "can_set_view_restrictions") == set()
    assert who(people, sheet(people, slug="deux"), "can_unpublish") == {"administrator"}


def test_a_publish_right_given_by_hand_opens_nothing(people: Any) -> None:
    """An administrator who ticks « publish » for a group in the admin opens no second way to the public."""
    page = sheet(people)
    right = Permission.objects.get(codename="publish_page")
    for group in Group.objects.all():
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=right)
    for question in ("can_publish", "can_publish_subpage", "can_unpublish", "can_reorder_children"):
        assert who(people, page, question) <= {"administrator"}
    assert who(people, page, "can_move_to", people.other_pole) == {"administrator"}


def test_who_edits_a_sheet(people: Any) -> None:
    for state in State:
        page = sheet(people, state, slug=f"trajet-{state}")
        assert who(people, page, "can_edit") == {"facilitator", "coordination", "administrator"}


def test_who_edits_a_resource(people: Any) -> None:
    for state in State:
        page = make_item(
            "teaching", f"Ressource {state}", owner=people.teacher, pole=people.pole, state=state
        )
        assert who(people, page, "can_edit") == {"teacher", "coordination", "administrator"}


def test_a_deputy_edits_what_is_published_and_not_the_draft_of_another(people: Any) -> None:
    """The right of the pôle's group stops at what `readers_of` keeps."""
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    draft = sheet(people, State.DRAFT, slug="brouillon")
    published = sheet(people, slug="en-ligne")
    assert not draft.permissions_for_user(deputy).can_edit()
    assert published.permissions_for_user(deputy).can_edit()
    published.title = "Nouvelle version"
    published.save_revision(user=people.facilitator)
    assert not PracticeSheet.objects.get(pk=published.pk).permissions_for_user(deputy).can_edit()


def test_who_edits_another_s_sheet_reads_her_own_version(people: Any) -> None:
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    published = sheet(people)
    published.title = "Revue par la suppléante"
    published.save_revision(user=deputy)
    page = PracticeSheet.objects.get(pk=published.pk)
    assert page.permissions_for_user(deputy).can_edit()
    assert deputy.pk in page.draft_version().author_ids


@pytest.mark.parametrize("reader", ["facilitator", "teacher", "coordination"])
def test_a_role_that_has_ended_gives_nothing_though_the_group_still_does(reader: str, people: Any) -> None:
    """Groups follow the dates once a day; rights follow at once."""
    user = getattr(people, reader)
    page = make_item("practice", "Trajet", owner=user, pole=people.pole)
    resource = make_item("teaching", "Ressource", owner=user)
    Membership.objects.filter(user=user).update(since="2020-01-01", until="2020-12-31")
    user = User.objects.get(pk=user.pk)
    assert user.groups.exists()
    for each in (page, resource, people.pole):
        assert not each.permissions_for_user(user).can_edit()
    for parent in (people.pole, TeachingIndex.objects.get(), PoleIndex.objects.get()):
        assert not parent.permissions_for_user(user).can_add_subpage()


def test_where_who_adds(people: Any) -> None:
    expected = {
        people.pole: {"facilitator", "coordination", "administrator"},
        people.other_pole: {"other_facilitator", "coordination", "administrator"},
        TeachingIndex.objects.get(): {"teacher", "author", "coordination", "administrator"},
        TrainingIndex.objects.get(): {"coordination", "administrator"},
        PoleIndex.objects.get(): {"coordination", "administrator"},
    }
    for parent, readers in expected.items():
        assert who(people, parent, "can_add_subpage") == readers, parent


def test_a_closed_pole_takes_no_new_sheet(people: Any, client_of: Any) -> None:
    Pole.objects.filter(pk=people.pole.pk).update(closed_on=timezone.localdate())
    closed = Pole.objects.get(pk=people.pole.pk)
    assert who(people, closed, "can_add_subpage") == set()
    draft = make_item(
        "practice", "Brouillon", owner=people.other_facilitator, pole=people.other_pole, state=State.DRAFT
    )
    assert who(people, draft, "can_move_to", closed) == set()
    assert who(people, draft, "can_copy_to", closed) == set()
    add = reverse("wagtailadmin_pages:add", args=["resources", "practicesheet", closed.pk])
    for reader in ("facilitator", "coordination", "administrator"):
        assert client_of(getattr(people, reader)).get(add).status_code == 302
    existing = sheet(people, slug="deja-la")
    assert who(people, existing, "can_edit") == {"facilitator", "coordination", "administrator"}


def test_who_deletes(people: Any) -> None:
    assert who(people, sheet(people), "can_delete") == {"administrator"}
    assert who(people, sheet(people, State.IN_REVIEW, slug="deux"), "can_delete") == {"administrator"}
    draft = sheet(people, State.DRAFT, slug="trois")
    assert who(people, draft, "can_delete") == {"facilitator", "administrator"}


def test_who_moves(people: Any) -> None:
    assert who(people, sheet(people), "can_move") == {"administrator"}
    assert who(people, sheet(people, State.IN_REVIEW, slug="deux"), "can_move") == {"administrator"}
    draft = sheet(people, State.DRAFT, slug="trois")
    assert who(people, draft, "can_move") == {"facilitator", "coordination", "administrator"}
    assert who(people, draft, "can_move_to", people.other_pole) == {"coordination", "administrator"}


def test_a_moved_draft_still_needs_its_review(people: Any, client_of: Any) -> None:
    draft = sheet(people, State.DRAFT)
    move = reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, people.other_pole.pk])
    client_of(people.facilitator).post(move)
    assert PracticeSheet.objects.get(pk=draft.pk).pole == people.pole
    client_of(people.coordination).post(move)
    moved = PracticeSheet.objects.get(pk=draft.pk)
    assert (moved.pole, moved.live) == (people.other_pole, False)


def test_a_copy_is_a_draft_of_who_made_it(people: Any, client_of: Any) -> None:
    original = sheet(people)
    client = client_of(people.coordination)
    address = reverse("wagtailadmin_pages:copy", args=[original.pk])
    form = fields_of(client, address, None)
    for administrator_only in ("publish_copies", "alias", "copy_subpages"):
        assert administrator_only not in client_of(people.administrator).get(address).content.decode()
    form |= {"new_title": "Copie", "new_slug": "copie", "publish_copies": "on", "alias": "on"}
    for user in (people.coordination, people.administrator):
        client_of(user).post(address, {**form, "new_slug": f"copie-{user.pk}"})
        copy = PracticeSheet.objects.get(slug=f"copie-{user.pk}")
        assert (copy.owner, copy.live, copy.alias_of) == (user, False, None)
        assert copy.first_published_at is None


@pytest.mark.parametrize("parent", ["", "x", "999999"])
def test_a_copy_to_nowhere_is_said(parent: str, people: Any, client_of: Any) -> None:
    address = reverse("wagtailadmin_pages:copy", args=[sheet(people).pk])
    answer = client_of(people.facilitator).post(
        address, {"new_title": "Copie", "new_slug": "copie", "new_parent_page": parent}
    )
    assert answer.status_code == 200
    assert not PracticeSheet.objects.filter(slug="copie").exists()


# A pôle's own page ----------------------------------------------------------------------------------------------


def test_the_right_on_the_sheets_is_none_on_the_pole(people: Any) -> None:
    for question in ("can_edit", "can_submit_for_moderation"):
        assert who(people, people.pole, question) == {"coordination", "administrator"}
    for question in ("can_delete", "can_move", "can_copy"):
        assert who(people, people.pole, question) <= {"administrator"}
    assert who(people, people.pole, "can_move_to", people.other_pole) == set()


def test_the_animateur_cannot_rename_her_pole(people: Any, client_of: Any) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[people.pole.pk])
    form = fields_of(client_of(people.coordination), address)
    client_of(people.facilitator).post(address, {**form, "title": "Renommé", "slug": "renomme"})
    pole = Pole.objects.get(pk=people.pole.pk)
    assert (pole.title, pole.slug, pole.latest_revision) == ("Pôle premier", "premier", None)
    assert client_of(people.facilitator).get(address).status_code == 302


def test_the_coordination_edits_a_pole_and_another_approves(
    people: Any, reviewer: Any, client_of: Any
) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[people.pole.pk])
    client = client_of(people.coordination)
    form = {**fields_of(client, address), "title": "Pôle du premier bassin"}
    client.post(address, {**form, "action-submit": "1"})
    pole = Pole.objects.get(pk=people.pole.pk)
    assert pole.title == "Pôle premier"
    state = pole.current_workflow_task_state
    state.task.specific.on_action(state, reviewer, "approve")
    assert Pole.objects.get(pk=people.pole.pk).title == "Pôle du premier bassin"


def test_a_pole_that_holds_anything_is_never_deleted(people: Any, client_of: Any) -> None:
    sheet(people, State.DRAFT)
    named = make_pole("Pôle nommé", "nomme")
    make_item("teaching", "Ressource", owner=people.teacher, pole=named, state=State.DRAFT)
    for pole in (people.pole, people.other_pole, named):
        assert who(people, Pole.objects.get(pk=pole.pk), "can_delete") == set()
        address = reverse("wagtailadmin_pages:delete", args=[pole.pk])
        for method in ("get", "post"):
            answer = getattr(client_of(people.administrator), method)(address, follow=True)
            assert "un tel pôle ne se supprime pas" in answer.content.decode()
        client_of(people.administrator).post(f"/admin/bulk/wagtailcore/page/delete/?id={pole.pk}")
        assert Pole.objects.filter(pk=pole.pk).exists()


def test_an_old_version_that_names_a_pole_holds_it(people: Any) -> None:
    pole = make_pole("Pôle nommé", "nomme")
    item = make_item("teaching", "Ressource", owner=people.teacher, pole=pole)
    item.pole = None
    item.save_revision().publish(skip_permission_checks=True)
    assert Pole.objects.get(pk=pole.pk).is_held


def test_an_administrator_deletes_a_pole_made_by_mistake(people: Any, client_of: Any) -> None:
    pole = make_pole("Erreur", "erreur")
    assert who(people, pole, "can_delete") == {"administrator"}
    client_of(people.administrator).post(reverse("wagtailadmin_pages:delete", args=[pole.pk]))
    assert not Pole.objects.filter(pk=pole.pk).exists()


def test_sections_are_the_administrators(people: Any) -> None:
    for page in (TeachingIndex.objects.get(), PoleIndex.objects.get(), PoleIndex.objects.get().get_parent()):
        assert who(people, page, "can_edit") == {"administrator"}
        for question in ("can_delete", "can_move", "can_copy"):
            assert who(people, page, question) == set()
