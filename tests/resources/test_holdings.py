"""Which items hold a file publicly, and which in a draft, after every event that changes it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page, Revision

from kb.core.readers import State
from resources.attachments.holdings import recompute
from resources.models import Attachment, AttachmentHolding, ItemAttachment, TeachingIndex, TeachingResource
from tests.items import bare_item, make_item
from tests.people import People
from tests.resources.files import holdings, new_version, places, publish, stored

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def first() -> Attachment:
    return stored("première.pdf")


@pytest.fixture
def second() -> Attachment:
    return stored("seconde.pdf")


def test_a_new_draft_holds_its_files_as_a_draft(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", state=State.DRAFT, attachments=places(first))
    assert holdings(item) == {"première.pdf": "draft"}


def test_a_version_submitted_is_still_a_draft(people: People, first: Attachment) -> None:
    item = make_item(
        "teaching", "Fiche", owner=people.author, state=State.IN_REVIEW, attachments=places(first)
    )
    assert holdings(item) == {"première.pdf": "draft"}


def test_publication_makes_them_public(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    assert holdings(item) == {"première.pdf": "public draft"}


@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_a_new_version_waits_beside_the_published_one(
    kind: str, people: People, first: Attachment, second: Attachment
) -> None:
    item = make_item(kind, "Fiche", pole=people.pole, attachments=places(first))
    new_version(item, second)
    assert holdings(item) == {"première.pdf": "public", "seconde.pdf": "draft"}
    publish(item)
    assert holdings(item) == {"seconde.pdf": "public draft"}


def test_a_file_added_and_taken_out_of_a_draft(first: Attachment, second: Attachment) -> None:
    item = make_item("teaching", "Fiche", state=State.DRAFT)
    assert holdings(item) == {}
    new_version(item, first, second)
    assert holdings(item) == {"première.pdf": "draft", "seconde.pdf": "draft"}
    new_version(item)
    assert holdings(item) == {}


def test_a_published_item_loses_its_last_file_with_the_publication(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    new_version(item)
    assert holdings(item) == {"première.pdf": "public"}
    publish(item)
    assert holdings(item) == {}


@pytest.mark.parametrize("model", [Page, TeachingResource])
def test_retired_nothing_is_public(model: type[Page], first: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    model.objects.get(pk=item.pk).unpublish()
    assert holdings(item) == {"première.pdf": "draft"}


@pytest.mark.parametrize("model", [Page, TeachingResource])
def test_deleted_nothing_is_held(model: type[Page], first: Attachment, second: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first, second))
    model.objects.get(pk=item.pk).delete()
    assert not AttachmentHolding.objects.exists()
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_deleted_while_a_version_waits_nothing_is_held_again(state: State, first: Attachment) -> None:
    """The waiting version still names the file at the moment when the rows go."""
    item = make_item("teaching", "Fiche", state=state, attachments=places(first))
    new_version(item, first)
    Page.objects.filter(pk=item.pk).delete()  # unlike the page's own method, it leaves the revisions
    connection.check_constraints()
    assert not AttachmentHolding.objects.exists()


def test_deleted_with_all_that_stands_above(first: Attachment) -> None:
    make_item("teaching", "Fiche", attachments=places(first))
    TeachingIndex.objects.get().delete()
    assert not AttachmentHolding.objects.exists()


def test_a_copy_holds_the_files_of_what_it_copies(
    people: People, first: Attachment, second: Attachment
) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    new_version(item, second)
    original = TeachingResource.objects.get(pk=item.pk)
    copy = CopyPageAction(
        original, update_attrs={"slug": "copie"}, keep_live=False, copy_revisions=False, user=people.author
    ).execute(skip_permission_checks=True)
    assert holdings(copy) == {"première.pdf": "draft"}
    with_history = CopyPageAction(
        original, update_attrs={"slug": "copie-2"}, keep_live=False, user=people.author
    ).execute(skip_permission_checks=True)
    assert "public" not in " ".join(holdings(with_history).values())
    assert holdings(with_history)
    assert holdings(item) == {"première.pdf": "public", "seconde.pdf": "draft"}


def test_a_live_copy_holds_them_publicly(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    copy = TeachingResource.objects.get(pk=item.pk).copy(update_attrs={"slug": "copie"}, keep_live=True)
    assert holdings(copy) == {"première.pdf": "public draft"}


def test_an_older_version_taken_again(first: Attachment, second: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))
    new_version(item, second)
    publish(item)
    older = Revision.objects.for_instance(item).order_by("pk").first()
    assert older is not None
    older.as_object().save_revision(previous_revision=older)
    assert holdings(item) == {"première.pdf": "draft", "seconde.pdf": "public"}
    publish(item)
    assert holdings(item) == {"première.pdf": "public draft"}


def test_an_item_that_code_puts_online(first: Attachment) -> None:
    item = bare_item("teaching", title="Fiche", slug="fiche", attachments=places(first))
    TeachingIndex.objects.get().add_child(instance=item)
    assert holdings(item) == {"première.pdf": "public draft"}
    ItemAttachment.objects.get(item=item).delete()
    assert holdings(item) == {}


def test_one_file_twice_in_an_item_and_in_two_items(first: Attachment) -> None:
    one = make_item("teaching", "Une", attachments=places(first, first))
    other = make_item("teaching", "Autre", state=State.DRAFT, attachments=places(first))
    assert holdings(one) == {"première.pdf": "public draft"}
    assert holdings(other) == {"première.pdf": "draft"}
    new_version(one, first)
    publish(one)
    assert holdings(one) == {"première.pdf": "public draft"}


def test_a_version_that_names_an_unknown_file_holds_the_others(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", state=State.DRAFT, attachments=places(first))
    revision = item.latest_revision
    revision.content["attachments"].append(
        {"pk": None, "sort_order": 1, "item": item.pk, "attachment": str(uuid4())}
    )
    revision.save()
    recompute(item.pk)
    assert holdings(item) == {"première.pdf": "draft"}


def test_a_change_that_rolls_back_leaves_the_holdings(first: Attachment, second: Attachment) -> None:
    item = make_item("teaching", "Fiche", attachments=places(first))

    with transaction.atomic():
        new_version(item, second)
        assert holdings(item) == {"première.pdf": "public", "seconde.pdf": "draft"}
        transaction.set_rollback(True)
    assert holdings(item) == {"première.pdf": "public draft"}


def test_what_is_no_item_holds_nothing() -> None:
    recompute(TeachingIndex.objects.get().pk)
    recompute(0)
    assert not AttachmentHolding.objects.exists()


def test_a_row_always_says_who_holds(first: Attachment) -> None:
    item = make_item("teaching", "Fiche", state=State.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttachmentHolding.objects.create(attachment=first, item=item)
