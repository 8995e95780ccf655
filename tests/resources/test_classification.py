"""Terms with validity and successor, and free tags in one spelling, as items bear them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb.core.readers import State
from kb.vocabulary.models import Tag, Term
from resources.models import TeachingResource
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People
from tests.resources.files import publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = datetime.timedelta()
DAY = datetime.timedelta(days=1)


def term(slug: str, facet: str = "audience", **fields: Any) -> Term:
    return Term.objects.create(slug=slug, facet=facet, **{"label": slug.title(), **fields})


# Terms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "offered"),
    [
        (None, None, True),
        (-DAY, DAY, True),
        (TODAY, TODAY, True),
        (DAY, None, False),
        (None, -DAY, False),
        (-2 * DAY, -DAY, False),
    ],
)
def test_a_term_is_offered_from_its_first_day_to_its_last(
    start: datetime.timedelta | None, end: datetime.timedelta | None, offered: bool
) -> None:
    today = timezone.localdate()
    made = term(
        "x",
        valid_from=None if start is None else today + start,
        valid_until=None if end is None else today + end,
    )
    assert (made in Term.objects.valid_on()) is offered
    assert (made in Term.objects.valid_on(today)) is offered


def test_a_replaced_term_is_found_under_its_last_successor() -> None:
    last = term("ddfpt")
    middle = term("directeur-delegue", replaced_by=last)
    first = term("chef-de-travaux", replaced_by=middle)
    assert (first.current, middle.current, last.current) == (last, last, last)
    item = make_item(
        "teaching", "Fiche", terms=[first, middle, term("tuteur", position=1), term("avant", "phase")]
    )
    assert {facet: [t.slug for t in found] for facet, found in item.terms_by_facet().items()} == {
        "audience": ["ddfpt", "tuteur"],
        "phase": ["avant"],
    }


def test_terms_that_replace_each_other_are_refused_and_read_without_end() -> None:
    one = term("un")
    two = term("deux", replaced_by=one)
    one.replaced_by = two
    with pytest.raises(ValidationError) as caught:
        one.clean()
    assert "l’un l’autre" in caught.value.message_dict["replaced_by"][0]
    Term.objects.filter(pk=one.pk).update(replaced_by=two)
    assert Term.objects.get(pk=one.pk).current in (one, two)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": datetime.date(2026, 2, 1), "valid_until": datetime.date(2026, 1, 1)}, "valid_until"),
        ({"slug": "autre"}, "__all__"),
        ({"facet": "phase"}, "__all__"),
    ],
)
def test_a_term_keeps_its_code_and_its_dates_follow_each_other(change: dict[str, Any], field: str) -> None:
    made = term("x")
    for name, value in change.items():
        setattr(made, name, value)
    with pytest.raises(ValidationError) as caught:
        made.clean()
    assert list(caught.value.error_dict if hasattr(caught.value, "error_dict") else {"__all__": 1}) == [field]


def test_a_successor_is_of_the_same_vocabulary() -> None:
    made = term("x", replaced_by=term("avant", "phase"))
    with pytest.raises(ValidationError):
        made.clean()


def test_a_code_is_unique_in_its_vocabulary_and_written_plainly() -> None:
    term("x")
    term("x", "phase")
    with pytest.raises(IntegrityError), transaction.atomic():
        term("x")
    for slug in ("É", "a b", "-a", "a--b", "A"):
        with pytest.raises(ValidationError):
            Term(slug=slug, facet="phase", label="x").full_clean()


# Tags -----------------------------------------------------------------------------------------------------------


def test_spellings_of_one_word_are_one_tag_and_the_first_stays() -> None:
    one = make_item("teaching", "Une", tags=("Égalité filles-garçons",))
    two = make_item("training", "Deux", tags=("egalite FILLES  garcons", "EGALITE-filles-garçons", "autre"))
    assert [tag.name for tag in one.tags.all()] == ["Égalité filles-garçons"]
    assert sorted(tag.name for tag in two.tags.all()) == ["autre", "Égalité filles-garçons"]
    assert Tag.objects.count() == 2


def test_a_tag_added_again_in_another_spelling_stays_one() -> None:
    item = make_item("teaching", "Une", tags=("Égalité",))
    item.tags.add("egalite")
    item.save_revision()
    publish(item)
    assert [tag.name for tag in TeachingResource.objects.get(pk=item.pk).tags.all()] == ["Égalité"]


def test_white_space_is_folded() -> None:
    tag, created = Tag.objects.get_or_create(name="  deux \u00a0  mots ")
    assert (tag.name, tag.slug, created) == ("deux mots", "deux-mots", True)


def test_the_database_knows_one_spelling_alone() -> None:
    Tag.objects.create(name="Égalité")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="egalite")


@pytest.mark.parametrize("name", ["!!!", "🎓", "   ", "日本"])
def test_a_tag_without_a_letter_is_no_tag(name: str) -> None:
    with pytest.raises(ValidationError):
        Tag.objects.get_or_create(name=name)
    with pytest.raises(ValidationError):
        Tag(name=name).full_clean()
    assert not Tag.objects.exists()


def test_a_tag_whose_folding_is_longer_than_itself_fits() -> None:
    tag, _ = Tag.objects.get_or_create(name="ﬃ" * 100)
    tag.refresh_from_db()
    assert len(tag.slug) <= 100
    assert Tag.objects.get_or_create(name="ﬃ" * 100) == (tag, False)


def test_renamed_to_a_spelling_that_exists_it_is_refused() -> None:
    Tag.objects.create(name="Égalité")
    other = Tag.objects.create(name="Mixité")
    other.name = "ÉGALITE"
    with pytest.raises(ValidationError) as caught:
        other.full_clean()
    assert caught.value.message_dict["name"] == [
        "Ce mot-clé existe déjà, écrit autrement\u00a0: utilisez celui-là."
    ]


# In the form ----------------------------------------------------------------------------------------------------


@pytest.fixture
def post(people: People, client_of: Callable[..., Client]) -> Callable[..., Any]:
    """Posts the form of a draft with some fields changed; gives the answer and the draft after it."""
    client = client_of(people.author)
    item = make_item("teaching", "Fiche", owner=people.author, state=State.DRAFT)
    address = reverse("wagtailadmin_pages:edit", args=[item.pk])

    def send(**fields: Any) -> tuple[Any, TeachingResource]:
        answer = client.post(address, {**fields_of(client, address), **fields})
        return answer, TeachingResource.objects.get(pk=item.pk).get_latest_revision_as_object()

    return send


def test_tags_typed_in_the_form(post: Callable[..., Any]) -> None:
    Tag.objects.create(name="Égalité")
    answer, draft = post(tags="egalite, Deux mots , deux-mots")
    assert answer.status_code == 302
    assert sorted(tag.name for tag in draft.tags.all()) == ["Deux mots", "Égalité"]


@pytest.mark.parametrize("typed", ["!!!", "bon, 🎓", "a" * 101])
def test_a_bad_tag_is_an_error_of_the_form_and_makes_no_row(typed: str, post: Callable[..., Any]) -> None:
    answer, draft = post(tags=typed, summary="Un autre résumé.")
    assert answer.status_code == 200
    assert "Un autre résumé." in answer.content.decode()
    assert list(draft.tags.all()) == []
    assert not Tag.objects.exists()


def test_the_form_offers_the_terms_of_today_and_those_that_it_bears(post: Callable[..., Any]) -> None:
    yesterday = timezone.localdate() - DAY
    valid, ended, borne = (
        term("valable"),
        term("fini", valid_until=yesterday),
        term("porte", valid_until=yesterday),
    )
    assert post(terms=[ended.pk])[0].status_code == 200
    borne.valid_until = None
    borne.save()
    post(terms=[borne.pk])
    borne.valid_until = yesterday
    borne.save()
    answer, draft = post(terms=[borne.pk, valid.pk])
    assert answer.status_code == 302
    assert {t.slug for t in draft.terms.all()} == {"valable", "porte"}
