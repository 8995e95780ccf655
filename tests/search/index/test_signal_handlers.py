"""Each change writes its rows in its own transaction; a rollback takes both away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from kb.core.readers import State, Visibility
from kb.core.signals import items_changed
from kb.poles.models import EmploymentZone, PoleIndex
from kb.vocabulary.models import Tag, Term
from resources.models import Item, TeachingIndex
from tests.items import bare_item, make_item, submit
from tests.search.conftest import waiting
from tests.search.world import World, make_world

pytestmark = pytest.mark.database


class Crash(Exception):  # noqa: N818
    """Somebody dies."""


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def save(item: models.Model, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()


def publish_first_version(world: World) -> None:
    item = make_item("teaching", "Une fiche neuve")
    world.resource = item


def begin_live(world: World) -> None:
    """Code may make an item that is live from its first row on."""
    item = bare_item("teaching", title="Née publiée", slug="nee-publiee", live=True)
    world.resource = TeachingIndex.objects.get().add_child(instance=item)


def copy_live(world: World) -> None:
    original = world.fresh("resource")
    world.resource = original.copy(keep_live=True, update_attrs={"slug": "copie"})


def publish_new_version(world: World) -> None:
    item = world.fresh("resource")
    item.summary = "Un autre résumé."
    item.save_revision().publish(skip_permission_checks=True)


def change_visibility(world: World) -> None:
    item = world.fresh("resource")
    item.visibility = Visibility.MEMBERS
    item.save_revision().publish(skip_permission_checks=True)


def retire(world: World) -> None:
    world.fresh("resource").unpublish()


def move_sheet(world: World) -> None:
    world.fresh("sheet").move(world.fresh("other_pole"), pos="last-child")


def move_subtree(world: World) -> None:
    world.fresh("pole").move(TeachingIndex.objects.get(), pos="last-child")


def delete_item(world: World) -> None:
    world.fresh("resource").delete()


def delete_plain_page(world: World) -> None:
    Page.objects.get(pk=world.resource.pk).delete()


def delete_subtree(world: World) -> None:
    TeachingIndex.objects.get().delete()


def rename_item(world: World) -> None:
    save(world.fresh("resource"), title="Un autre titre")


def rename_plain_page(world: World) -> None:
    save(Page.objects.get(pk=world.resource.pk), title="Un autre titre")


def change_slug(world: World) -> None:
    save(world.fresh("resource"), slug="autre-adresse")


def change_slug_of_parent(world: World) -> None:
    save(world.fresh("pole"), slug="nouveau-nord")


def change_slug_of_grandparent(world: World) -> None:
    save(PoleIndex.objects.get(), slug="nos-poles")


def rename_pole(world: World) -> None:
    pole = world.fresh("pole")
    pole.title = "Pôle du Morvan"
    pole.save_revision().publish(skip_permission_checks=True)


def change_zones(world: World) -> None:
    pole = world.fresh("pole")
    pole.zones.set([world.zone, EmploymentZone.objects.get(slug="zone-sud")])
    pole.save()


def close_pole(world: World) -> None:
    save(world.fresh("pole"), closed_on=timezone.localdate())


def merge_pole(world: World) -> None:
    save(world.fresh("pole"), merged_into=world.fresh("other_pole"))


def change_department(world: World) -> None:
    save(world.fresh("zone"), department="58")


def delete_zone(world: World) -> None:
    world.fresh("zone").delete()


def rename_term(world: World) -> None:
    save(world.fresh("term"), label="DDFPT")


def rename_replaced_term(world: World) -> None:
    save(world.fresh("old_term"), label="Chef des travaux")


def replace_term(world: World) -> None:
    save(world.fresh("lone_term"), replaced_by=world.term)


def part_terms(world: World) -> None:
    save(world.fresh("old_term"), replaced_by=None)


def delete_term(world: World) -> None:
    Term.objects.filter(pk=world.lone_term.pk).delete()


def rename_tag(world: World) -> None:
    save(world.fresh("tag"), name="Mixité")


def respell_tag(world: World) -> None:
    save(world.fresh("tag"), name="Egalité filles garçons")


def delete_tag(world: World) -> None:
    world.fresh("tag").delete()


def tell_items_changed(world: World) -> None:
    items_changed.send(sender=Item, ids=[world.training.pk, 123_456])


CHANGES: dict[Callable[[World], None], set[str]] = {
    publish_first_version: {"resource"},
    begin_live: {"resource"},
    copy_live: {"resource"},
    publish_new_version: {"resource"},
    change_visibility: {"resource"},
    retire: {"resource"},
    move_sheet: {"sheet"},
    move_subtree: {"sheet"},
    delete_item: {"resource"},
    delete_plain_page: {"resource"},
    delete_subtree: {"resource"},
    rename_item: {"resource"},
    rename_plain_page: {"resource"},
    change_slug: {"resource"},
    change_slug_of_parent: {"sheet"},
    change_slug_of_grandparent: {"sheet", "other_sheet"},
    rename_pole: {"sheet"},
    change_zones: {"sheet"},
    close_pole: {"sheet"},
    merge_pole: {"sheet"},
    change_department: {"sheet"},
    delete_zone: {"sheet"},
    rename_term: {"resource", "training"},
    rename_replaced_term: {"resource", "training"},
    replace_term: {"sheet", "resource", "training"},
    part_terms: {"resource", "training"},
    delete_term: {"sheet"},
    rename_tag: {"resource"},
    respell_tag: {"resource"},
    delete_tag: {"resource"},
}


@contextmanager
def undone(world: World) -> Iterator[World]:
    """A change and its rows, taken back together: the next change finds the world as it was made."""
    with transaction.atomic():
        yield replace(world)
        transaction.set_rollback(True)
    assert waiting() == set()


def test_rows_arrive_in_the_transaction_of_the_change(world: World) -> None:
    wrong = []
    for change, names in CHANGES.items():
        with undone(world) as changed:
            change(changed)
            found, expected = waiting(), {getattr(changed, name).pk for name in names}
            if found != expected:
                wrong.append((change.__name__, found, expected))
    assert wrong == []


def test_what_a_lower_room_tells_is_recorded_as_it_is(world: World) -> None:
    with transaction.atomic():
        tell_items_changed(world)
        assert waiting() == {world.training.pk, 123_456}
        transaction.set_rollback(True)
    assert waiting() == set()


def save_draft(world: World) -> None:
    item = world.fresh("resource")
    item.title = "Un brouillon"
    item.save_revision()


def begin_item(world: World) -> None:
    make_item("teaching", "Un brouillon neuf", state=State.DRAFT)


def submit_item(world: World) -> None:
    item = world.fresh("resource")
    item.save_revision()
    submit(item, None)


def save_draft_of_pole(world: World) -> None:
    pole = world.fresh("pole")
    pole.title = "Un brouillon"
    pole.save_revision()


def reorder_terms(world: World) -> None:
    save(world.fresh("term"), position=7)


def end_term(world: World) -> None:
    save(world.fresh("term"), valid_until=timezone.localdate())


def rename_zone(world: World) -> None:
    save(world.fresh("zone"), name="Nevers")


def add_vocabulary(world: World) -> None:
    Term.objects.create(facet="axe", slug="mot-de-plus", label="Autre")
    Tag.objects.create(name="Un mot de plus")


NO_CHANGES = (
    save_draft,
    begin_item,
    submit_item,
    save_draft_of_pole,
    reorder_terms,
    end_term,
    rename_zone,
    add_vocabulary,
)


def test_what_no_document_shows_writes_no_row(world: World) -> None:
    wrong = []
    for nothing in NO_CHANGES:
        with undone(world) as changed:
            nothing(changed)
            if found := waiting():
                wrong.append((nothing.__name__, found))
    assert wrong == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("change", "late"),
    [
        (publish_new_version, page_published),
        (retire, page_unpublished),
        (move_sheet, post_page_move),
        (change_slug_of_parent, page_slug_changed),
    ],
)
def test_without_a_request_a_crash_leaves_no_change_without_its_row(
    change: Callable[[World], None], late: Any
) -> None:
    """Wagtail's own signals come after its transaction: somebody dies there."""
    world = make_world()

    def crash(**kwargs: Any) -> None:
        raise Crash

    late.connect(crash, dispatch_uid="crash")
    try:
        with pytest.raises(Crash):
            change(world)
    finally:
        late.disconnect(dispatch_uid="crash")
    assert waiting() == {getattr(world, name).pk for name in CHANGES[change]}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_outside_any_transaction_is_refused_before_it_is_made() -> None:
    world = make_world()
    with pytest.raises(TransactionManagementError):
        rename_term(world)
    assert world.fresh("term").label == "Directeur délégué"
    assert waiting() == set()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("change", [delete_item, delete_tag, delete_term])
def test_deleting_opens_a_transaction_of_its_own(change: Callable[[World], None]) -> None:
    world = make_world()
    change(world)
    assert waiting() == {getattr(world, name).pk for name in CHANGES[change]}
