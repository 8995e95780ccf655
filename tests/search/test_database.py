"""The reduced answer: rights and filters as ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kb.accounts.tokens import tokens_of
from kb.core.readers import Visibility
from resources.models import Item
from search import database
from search.request import SearchRequest
from tests.items import make_item
from tests.people import People, make_pole

from .world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EVERYBODY = frozenset({"all"})


def titles(
    q: str = "", readers: frozenset[str] = EVERYBODY, sort: Any = "pertinence", **filters: Any
) -> list[str]:
    asked = SearchRequest(q, {name: (value,) for name, value in filters.items()}, sort)
    results = database.search(asked, readers)
    assert results.reduced
    assert results.count == len(results.hits)
    return [hit.title for hit in results.hits]


def test_items_with_more_of_the_words_come_first() -> None:
    make_item("teaching", "Le tuteur")
    make_item("teaching", "Préparer l’entretien", summary="Avec son tuteur.")
    make_item("teaching", "Autre chose")
    assert titles("entretien tuteur") == ["Préparer l’entretien", "Le tuteur"]
    assert titles("l’entretien avec") == ["Préparer l’entretien"]
    assert titles("?!") == []


def test_words_are_looked_for_in_terms_too() -> None:
    world = make_world()
    both = {"Préparer un entretien", "Accueillir un jeune"}
    # Today's word and the one that it replaced find the same, accents aside: terms are compared here, not in SQL.
    assert set(titles("directeur")) == set(titles("travaux")) == set(titles("délégue")) == both
    assert titles("égalité") == ["Préparer un entretien"]
    assert titles("nord") == ["Le gîte des stagiaires"]
    assert set(titles("Côte-d’Or")) == {"Le gîte des stagiaires", "Le relevé du vendredi"}
    type(world.pole).objects.filter(pk=world.pole.pk).update(live=False)
    assert titles("nord") == []


def test_what_is_in_the_title_comes_before_what_is_a_term() -> None:
    world = make_world()
    make_item("teaching", "Autre chose", summary="Un directeur.")
    make_item("teaching", "Le directeur", terms=[world.term, world.old_term])
    found = titles("le directeur")
    assert found[:2] == ["Le directeur", "Autre chose"]
    assert len(found) == 4


def test_words_ask_for_no_more_queries(django_assert_num_queries: Any) -> None:
    make_world()
    database.search(SearchRequest(), EVERYBODY)
    for q in ("", "directeur", "directeur égalité nord côte entretien stagiaire vendredi travaux"):
        with django_assert_num_queries(4):
            database.search(SearchRequest(q), EVERYBODY)


def test_by_date_the_newest_comes_first() -> None:
    for days, title in ((2, "Ancien tuteur tuteur"), (1, "Récent")):
        item = make_item("teaching", title, summary="Tuteur.")
        Item.objects.filter(pk=item.pk).update(last_published_at=timezone.now() - timedelta(days=days))
    assert titles("tuteur", sort="date") == ["Récent", "Ancien tuteur tuteur"]
    assert titles() == ["Récent", "Ancien tuteur tuteur"]


def test_every_facet_filters() -> None:
    world = make_world()
    world.zone.department = "58"
    world.zone.save()
    assert set(titles(kind="practice")) == {"Le gîte des stagiaires", "Le relevé du vendredi"}
    assert set(titles(audience="mot-neuf")) == {"Préparer un entretien", "Accueillir un jeune"}
    assert titles(audience="mot-ancien") == []
    assert titles(departement="58") == ["Le gîte des stagiaires"]
    assert titles(pole="sud") == ["Le relevé du vendredi"]
    assert titles(tag="egalite-filles-garcons") == ["Préparer un entretien"]
    assert titles(pole="nord", kind="teaching") == []
    assert titles(kind="nothing") == titles(phase="nothing") == titles(tag="nothing") == []


def test_values_of_one_facet_add_up() -> None:
    make_world()
    asked = SearchRequest(filters={"kind": ("teaching", "training", "nothing")})
    assert database.search(asked, EVERYBODY).count == 2


def test_readers_find_what_they_may_read(people: People) -> None:
    for visibility in Visibility:
        make_item("teaching", f"Entretien {visibility}", pole=people.pole, visibility=visibility)
    make_item("teaching", "Entretien d’ailleurs", pole=people.other_pole, visibility=Visibility.POLE)
    found = {name: set(titles("entretien", tokens_of(reader))) for name, reader in people.readers().items()}
    by_pole = {name: set(titles("premier", tokens_of(reader))) for name, reader in people.readers().items()}
    public, members, pole = (f"Entretien {visibility}" for visibility in Visibility)
    assert by_pole["anonymous"] == by_pole["tutor"] == {public}
    assert by_pole["other_facilitator"] == {public, members}
    assert by_pole["teacher"] == by_pole["coordination"] == {public, members, pole}
    assert found["anonymous"] == found["tutor"] == {public}
    assert found["teacher"] == found["facilitator"] == found["author"] == {public, members, pole}
    assert found["other_facilitator"] == {public, members, "Entretien d’ailleurs"}
    assert found["coordination"] == found["administrator"] == {public, members, pole, "Entretien d’ailleurs"}


def test_an_item_of_a_pole_in_two_departments_comes_once() -> None:
    from kb.poles.models import EmploymentZone

    pole = make_pole("Pôle du nord", "nord")
    pole.zones.add(EmploymentZone.objects.create(slug="nevers", name="Nevers", department="58"))
    pole.save()
    make_item("practice", "Le gîte", pole=pole)
    assert database.search(SearchRequest(filters={"departement": ("21", "58")}), EVERYBODY).count == 1


def test_pages_follow_each_other() -> None:
    for number in range(5):
        make_item("teaching", f"Fiche {number}")
    pages = [database.search(SearchRequest(page=page, page_size=2), EVERYBODY) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [2, 2, 1]
    assert len({hit.id for page in pages for hit in page.hits}) == 5
