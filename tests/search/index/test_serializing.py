from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kb.core.readers import COORDINATION, State, Visibility, pole_token
from kb.poles.models import EmploymentZone
from kb.vocabulary.models import Term
from resources.models import Item, PracticeResult
from search.document import SearchDocument
from search.index.serializing import UNDATED, Surroundings, document_of, load
from tests.items import make_item
from tests.people import make_pole
from tests.search.world import make_world
from tests.training import every_sort, module

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def document(item: Item) -> SearchDocument:
    [loaded] = load([item.pk])
    return document_of(loaded, Surroundings.load())


def test_what_a_document_says_of_a_sheet() -> None:
    pole = make_pole("Pôle du nord", "nord")
    pole.zones.add(EmploymentZone.objects.create(slug="nevers", name="Nevers", department="58"))
    pole.save()
    axe = Term.objects.create(facet="axe", slug="mon-axe", label="Un axe")
    item = make_item(
        "practice",
        "Le gîte des stagiaires",
        pole=pole,
        terms=[axe],
        tags=("Hébergement",),
        summary="Loger loin de chez soi.",
        context="<p>Un <b>gîte</b> l’été.</p><p>À louer.</p>",
    )
    moment = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.UTC)
    Item.objects.filter(pk=item.pk).update(last_published_at=moment)

    assert document(item) == SearchDocument(
        id=item.pk,
        kind="practice",
        title="Le gîte des stagiaires",
        summary="Loger loin de chez soi.",
        body="Le contexte.\nUn gîte l’été.\nÀ louer.\n\nComment faire.\nÉtapes.",
        labels=("Un axe", "Hébergement", "Pôle du nord", "Côte-d’Or", "Nièvre"),
        url="/poles/nord/le-gite-des-stagiaires/",
        date=datetime.date(2026, 3, 2),  # it was past midnight in Paris
        readers=("all",),
        facets={
            "kind": ("practice",),
            "axe": ("mon-axe",),
            "departement": ("21", "58"),
            "pole": ("nord",),
            "tag": ("hebergement",),
        },
    )


def test_the_address_is_the_one_that_answers() -> None:
    item = make_item("training", "Accueillir un jeune")
    assert document(item).url == item.get_url()


def test_modules_are_read_in_their_order() -> None:
    item = make_item("training", "Accueillir un jeune")
    item.modules.add(module("Suite", every_sort()))
    item.save()
    body = document(item).body
    assert body.index("Premier module") < body.index("Suite") < body.index("Un cas.") < body.index("Caché.")


def test_neither_questions_nor_answers_are_found() -> None:
    """Who searches would read the right ones in an excerpt."""
    item = make_item("training", "Accueillir un jeune")
    item.modules.add(module("Suite", every_sort()))
    item.save()
    body = document(item).body
    for said in ("Que faites-vous", "J’appelle", "Retour", "Avant, et à trois"):
        assert said not in body


def test_the_results_of_a_sheet_are_found_by_what_they_measure() -> None:
    item = make_item("practice", "Le relevé du vendredi", pole=make_pole("Pôle du nord", "nord"))
    item.results.add(PracticeResult(indicator="jeunes sans lieu d’accueil", before=9, after=2, unit="jeunes"))
    item.save()
    assert document(item).body.endswith("jeunes sans lieu d’accueil")


def test_a_replaced_word_still_finds_and_only_the_new_one_is_counted() -> None:
    world = make_world()
    for item in (world.resource, world.training):
        found = document(item)
        assert found.facets["audience"] == ("mot-neuf",)
        assert {"Directeur délégué", "Chef de travaux"} <= set(found.labels)


def test_readers_are_those_of_the_published_version() -> None:
    pole = make_pole("Pôle du nord", "nord")
    readers = {
        visibility: document(
            make_item("teaching", f"Fiche {visibility}", pole=pole, visibility=visibility)
        ).readers
        for visibility in Visibility
    }
    assert readers == {
        Visibility.PUBLIC: ("all",),
        Visibility.MEMBERS: ("member",),
        Visibility.POLE: tuple(sorted((COORDINATION, pole_token(pole.pk)))),
    }


def test_a_waiting_draft_says_nothing() -> None:
    item = make_item("teaching", "Titre public", tags=("public",))
    item.title, item.visibility = "Titre secret", Visibility.MEMBERS
    item.tags.add("secret")
    item.save_revision()
    found = document(item)
    assert (found.title, found.readers, found.facets["tag"]) == ("Titre public", ("all",), ("public",))


def test_the_date_is_that_of_the_last_publication() -> None:
    item = make_item("teaching", "Fiche")
    assert document(item).date == timezone.localdate()
    Item.objects.filter(pk=item.pk).update(last_published_at=None)
    assert document(item).date == timezone.localdate()
    Item.objects.filter(pk=item.pk).update(last_published_at=None, first_published_at=None)
    assert document(item).date == UNDATED


def test_the_number_of_queries_does_not_grow_with_the_items() -> None:
    pole = make_pole("Pôle du nord", "nord")
    axe = Term.objects.create(facet="axe", slug="mon-axe", label="Un axe")

    def ids(numbers: range) -> list[int]:
        return [
            make_item(kind, f"Fiche {number}", pole=pole, terms=[axe], tags=(f"mot {number}",)).pk
            for number in numbers
            for kind in ("teaching", "training", "practice")
        ]

    def queries(wanted: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            around = Surroundings.load()
            assert len([document_of(item, around) for item in load(wanted)]) == len(wanted)
        return len(captured)

    few, more = ids(range(1)), ids(range(1, 6))
    assert queries(few) == queries(few + more) <= 25


def test_only_what_exists_is_loaded() -> None:
    item = make_item("teaching", "Brouillon", state=State.DRAFT)
    assert [loaded.pk for loaded in load([item.pk, 999_999])] == [item.pk]
