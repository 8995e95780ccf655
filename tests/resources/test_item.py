"""What the three kinds share: who reads them, said twice and the same; drafts that change nothing in public."""

from __future__ import annotations

import itertools

import pytest
from django.core.exceptions import ValidationError

from kb.accounts.tokens import tokens_of
from kb.core.readers import State, Visibility, readers_of
from kb.poles.models import Pole
from kb.vocabulary.models import Term
from resources.item import Item
from resources.models import PracticeSheet, TeachingResource
from tests.items import bare_item, make_item
from tests.people import People, make_pole
from tests.resources.files import publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


# Who reads ------------------------------------------------------------------------------------------------------


@pytest.fixture
def everything(people: People) -> list[Item]:
    """An item of each kind, state, visibility and pôle; besides, what no form lets through."""
    kinds = itertools.cycle(("teaching", "training", "practice"))
    for number, (state, visibility, pole) in enumerate(
        itertools.product(State, Visibility, (people.pole, people.other_pole))
    ):
        make_item(
            next(kinds), f"Fiche {number}", state=state, visibility=visibility, pole=pole, owner=people.author
        )
    for number, (visibility, pole_id) in enumerate(
        [("pole", None), ("unknown", people.pole.pk), ("", None), ("PUBLIC", None)]
    ):
        odd = make_item("teaching", f"Étrange {number}", owner=people.author)
        Item.objects.filter(pk=odd.pk).update(visibility=visibility, pole=pole_id)
    return list(Item.objects.order_by("pk"))


def test_the_queryset_says_what_readers_of_says(people: People, everything: list[Item]) -> None:
    assert len(everything) == 22
    for name, user in people.readers().items():
        by_rule = {item.pk for item in everything if item.live and readers_of(item) & tokens_of(user)}
        assert set(Item.objects.readable_by(user).values_list("pk", flat=True)) == by_rule, name
        assert by_rule, name


def test_every_combination_of_tokens(people: People, everything: list[Item]) -> None:
    tokens = ["all", "member", "coordination", f"pole:{people.pole.pk}", f"pole:{people.other_pole.pk}"]
    others = {f"staff:{people.pole.pk}", f"user:{people.author.pk}"}
    for size in range(len(tokens) + 1):
        for held in itertools.combinations(tokens, size):
            # Everybody holds « all ».
            mine = {"all", *held, *others}
            by_rule = {item.pk for item in everything if item.live and readers_of(item) & mine}
            assert set(Item.objects.readable_with(mine).values_list("pk", flat=True)) == by_rule, held


def test_the_eight_readers_are_told_apart(people: People, everything: list[Item]) -> None:
    counts = {name: Item.objects.readable_by(user).count() for name, user in people.readers().items()}
    assert counts == {
        "anonymous": 2,
        "tutor": 2,
        "teacher": 5,
        "author": 5,
        "facilitator": 5,
        "other_facilitator": 5,
        "coordination": 10,
        "administrator": 10,
    }


def test_the_specific_kinds_answer_alike(people: People, everything: list[Item]) -> None:
    for user in people.readers().values():
        items = set(Item.objects.readable_by(user).values_list("pk", flat=True))
        sheets = set(PracticeSheet.objects.readable_by(user).values_list("pk", flat=True))
        assert sheets == items & set(PracticeSheet.objects.values_list("pk", flat=True))


def test_pole_members_need_a_pole() -> None:
    item = bare_item("teaching", title="Fiche", visibility=Visibility.POLE)
    with pytest.raises(ValidationError) as caught:
        item.clean()
    assert caught.value.message_dict == {
        "pole": ["Indiquez le pôle dont les membres pourront lire cette fiche."]
    }


def test_the_draft_beside_a_published_version(people: People) -> None:
    item = make_item("teaching", "Fiche", owner=people.author)
    draft = item.get_latest_revision_as_object()
    draft.visibility, draft.pole = Visibility.POLE, people.pole
    draft.draft_readers = [people.tutor]
    draft.save_revision(user=people.author)
    item = TeachingResource.objects.get(pk=item.pk)
    assert (item.state, item.visibility) == (State.PUBLISHED, "public")
    version = item.draft_version()
    assert (version.state, version.visibility, version.pole_id) == (State.DRAFT, "pole", people.pole.pk)
    assert readers_of(item) == {"all"}
    assert readers_of(version) == {"coordination", f"user:{people.author.pk}", f"user:{people.tutor.pk}"}


# A draft changes nothing in public ------------------------------------------------------------------------------


def terms(*slugs: str) -> list[Term]:
    return [
        Term.objects.get_or_create(facet="phase", slug=slug, defaults={"label": slug})[0] for slug in slugs
    ]


@pytest.mark.parametrize("kind", ["teaching", "training", "practice"])
def test_terms_tags_and_people_of_a_draft_wait_for_the_publication(kind: str, people: People) -> None:
    old, new = terms("ancien", "nouveau")
    item = make_item(kind, "Fiche", owner=people.author, pole=people.pole, terms=[old], tags=("ancien",))
    draft = item.get_latest_revision_as_object()
    draft.title = "Nouveau titre"
    draft.terms = [new]
    draft.authors = [people.teacher]
    draft.draft_readers = [people.tutor]
    draft.tags.set(["nouveau"])
    draft.save_revision(user=people.author)

    def public() -> tuple[object, ...]:
        stored = type(item).objects.get(pk=item.pk)
        return (
            stored.title,
            [term.slug for term in stored.terms.all()],
            [tag.slug for tag in stored.tags.all()],
            [user.pk for user in stored.authors.all()],
            [user.pk for user in stored.draft_readers.all()],
        )

    assert public() == ("Fiche", ["ancien"], ["ancien"], [], [])
    assert list(Item.objects.filter(terms=new)) == []
    assert list(Item.objects.filter(tags__slug="nouveau")) == []
    publish(item)
    assert public() == ("Nouveau titre", ["nouveau"], ["nouveau"], [people.teacher.pk], [people.tutor.pk])


def test_the_owner_is_an_author_whatever_the_list_says(people: People) -> None:
    item = make_item("teaching", "Fiche", owner=people.author, authors=[people.teacher])
    assert item.author_ids == {people.author.pk, people.teacher.pk}
    assert [person.pk for person in item.writers()] == [people.author.pk, people.teacher.pk]


# A sheet and its pôle -------------------------------------------------------------------------------------------


def test_a_sheet_is_of_the_pole_under_which_it_lies(people: People) -> None:
    sheet = make_item("practice", "Fiche", pole=people.pole)
    sheet.pole = people.other_pole
    sheet.save()
    assert PracticeSheet.objects.get(pk=sheet.pk).pole == people.pole


def test_a_version_that_names_another_pole_is_read_and_published_in_its_own(people: People) -> None:
    sheet = make_item("practice", "Fiche", pole=people.pole, state=State.DRAFT)
    revision = sheet.latest_revision
    revision.content["pole"] = people.other_pole.pk
    revision.save()
    sheet = PracticeSheet.objects.get(pk=sheet.pk)
    assert sheet.draft_version().pole_id == people.pole.pk
    sheet.get_latest_revision().publish(skip_permission_checks=True)
    assert PracticeSheet.objects.get(pk=sheet.pk).pole == people.pole


@pytest.mark.parametrize("state", list(State))
def test_a_moved_sheet_takes_its_new_pole_and_its_readers(state: State, people: People) -> None:
    sheet = make_item(
        "practice", "Fiche", pole=people.pole, state=state, visibility=Visibility.POLE, owner=people.author
    )
    sheet.move(Pole.objects.get(pk=people.other_pole.pk), "last-child")
    moved = PracticeSheet.objects.get(pk=sheet.pk)
    assert moved.pole == people.other_pole
    assert moved.draft_version().pole_id == people.other_pole.pk
    if state == State.PUBLISHED:
        assert readers_of(moved) == {f"pole:{people.other_pole.pk}", "coordination"}
    if state == State.IN_REVIEW:
        assert f"staff:{people.other_pole.pk}" in readers_of(moved)


def test_an_older_version_published_after_the_move_stays_where_it_lies(people: People) -> None:
    sheet = make_item("practice", "Fiche", pole=people.pole)
    older = sheet.get_latest_revision()
    sheet.move(Pole.objects.get(pk=people.other_pole.pk), "last-child")
    older.refresh_from_db()
    older.publish(skip_permission_checks=True)
    moved = PracticeSheet.objects.get(pk=sheet.pk)
    assert (moved.pole, moved.get_parent().specific) == (people.other_pole, people.other_pole)


def test_other_pages_that_move_or_are_saved_are_left_alone(people: People) -> None:
    resource = make_item("teaching", "Fiche", pole=people.pole)
    third = make_pole("Pôle troisième", "troisieme")
    third.move(Pole.objects.get(pk=people.pole.pk), "left")
    assert TeachingResource.objects.get(pk=resource.pk).pole == people.pole


def test_a_sheet_takes_over_another_one_but_not_itself(people: People) -> None:
    sheet = make_item("practice", "Fiche", pole=people.pole)
    sheet.based_on = sheet
    with pytest.raises(ValidationError) as caught:
        sheet.full_clean()
    assert caught.value.message_dict == {"based_on": ["Une fiche ne peut pas se reprendre elle-même."]}
