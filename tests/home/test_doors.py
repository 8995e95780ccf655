"""The three doors: what each shows, to whom, and what it answers to nonsense."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.core.readers import State, Visibility
from kb.vocabulary.models import Facet, Term
from resources.models import Item
from search.engines import get_engine
from search.index.draining import drain
from search.index.rebuilding import rebuild
from tests.items import make_item
from tests.people import People

pytestmark = pytest.mark.django_db

ASKED = {"classe": "cap", "depart": "2026-12-07"}


def term(facet: str, slug: str) -> Term:
    return Term.objects.get_or_create(facet=facet, slug=slug, defaults={"label": slug.upper()})[0]


@pytest.fixture
def terms(db: None) -> list[Term]:
    """A class, a phase, a problem and the audience of all three doors."""
    pairs = (
        (Facet.PUBLIC, "cap"),
        (Facet.PHASE, "avant"),
        (Facet.PROBLEMATIQUE, "mobilite-geographique"),
        (Facet.AUDIENCE, "enseignant"),
        (Facet.AUDIENCE, "tuteur"),
    )
    return [term(facet, slug) for facet, slug in pairs]


@pytest.fixture
def index(db: None) -> None:
    """An empty one; what comes later is drained into it."""
    rebuild(get_engine())


def make(kind: str, title: str, terms: list[Term], **fields: Any) -> Item:
    item = make_item(kind, title, **fields)
    item.terms.set(terms)
    item.save_revision()
    if item.live:
        item.get_latest_revision().publish(skip_permission_checks=True)
    return item


def page(client: Client, path: str, status: int = 200, **asked: str) -> str:
    answer = client.get(f"{path}?{urlencode(asked)}" if asked else path)
    assert answer.status_code == status
    return answer.content.decode()


# J'enseigne ------------------------------------------------------------------------------------------------------


def test_the_week_that_an_item_is_for(client: Client, terms: list[Term], index: None) -> None:
    item = make("teaching", "Mon trajet calculé", terms, duration_minutes=55)
    make("teaching", "Pour une autre classe", [term(Facet.PUBLIC, "bts"), *terms[1:]])
    drain()
    html = page(client, "/enseigner/", **ASKED)
    assert html.count(item.title) == 1
    week = html[html.index("4\u00a0semaines avant") : html.index("3\u00a0semaines avant")]
    assert item.title in week
    assert "55\u00a0min" in week
    assert "semaine du 9\u00a0novembre\u00a02026" in week
    assert "Voir la recherche" in week
    assert "public=cap" in week
    assert "Pour une autre classe" not in html
    # The same search, with its facets, finds it.
    address = week[week.index("/recherche/?") :].split('"')[0].replace("&amp;", "&")
    assert item.title in client.get(address).content.decode()


def test_each_reader_has_their_own_weeks(
    people: People, client_of: Any, terms: list[Term], index: None
) -> None:
    for visibility in Visibility:
        make("teaching", f"Trajet {visibility}", terms, pole=people.pole, visibility=visibility)
    make("teaching", "Trajet brouillon", terms, owner=people.author, state=State.DRAFT)
    drain()
    for name, reader in people.readers().items():
        html = page(client_of(None if name == "anonymous" else reader), "/enseigner/", **ASKED)
        assert "Trajet public" in html
        assert ("Trajet members" in html) == (name not in ("anonymous", "tutor")), name
        assert ("Trajet pole" in html) == (name not in ("anonymous", "tutor", "other_facilitator")), name
        assert "Trajet brouillon" not in html


def test_the_form_alone_at_first(client: Client, terms: list[Term]) -> None:
    html = page(client, "/enseigner/")
    assert "Voir les semaines" in html
    assert "Erreur" not in html
    assert "\u00a0semaines avant" not in html


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"depart": "2026-12-07"}, "Choisissez une classe"),
        ({"classe": "jamais", "depart": "2026-12-07"}, "Choisissez une classe"),
        ({"classe": "cap"}, "Indiquez la date de départ"),
        ({"classe": "cap", "depart": "demain"}, "Écrivez la date ainsi"),
        ({"classe": "cap", "depart": "2026-02-31"}, "Écrivez la date ainsi"),
        ({"classe": "cap", "depart": "2050-01-01"}, "vérifiez l’année"),
        ({**ASKED, "semaines": "0"}, "de 1 à 12"),
        ({**ASKED, "semaines": "9" * 400}, "de 1 à 12"),
        ({**ASKED, "semaines": "deux"}, "de 1 à 12"),
        ({"classe": "\x00", "depart": "\x00", "semaines": "\x00"}, "Choisissez une classe"),
        ({"classe": "🦆" * 500, "depart": "שלום"}, "Écrivez la date ainsi"),
    ],
)
def test_nonsense_is_answered_in_french(
    client: Client, terms: list[Term], asked: dict[str, str], says: str
) -> None:
    html = page(client, "/enseigner/", 400, **asked)
    assert says in html
    assert "<title>Erreur" in html


def test_the_date_as_people_write_it(client: Client, terms: list[Term], index: None) -> None:
    html = page(client, "/enseigner/", classe="cap", depart="07/12/2026")
    assert "départ le 7\u00a0décembre\u00a02026, 4\u00a0semaines" in html
    assert 'value="2026-12-07"' in html, "the control can show it"
    assert "2\u00a0semaines" in page(client, "/enseigner/", classe="cap", depart="07/12/2026", semaines="2")


def test_without_an_engine_the_weeks_are_there(
    client: Client, terms: list[Term], settings: LazySettings, tmp_path: Any
) -> None:
    make("teaching", "Mon trajet calculé", terms)
    (tmp_path / "file").touch()
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    assert "Mon trajet calculé" in page(client, "/enseigner/", **ASKED)


def test_nothing_is_stored(client: Client, terms: list[Term], index: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/enseigner/", ASKED)
    assert not answer.cookies
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert len(queries) <= 20


# J'accueille -----------------------------------------------------------------------------------------------------


def test_the_shortest_training_first(client: Client, terms: list[Term]) -> None:
    make("training", "La longue", terms, duration_minutes=90)
    make("training", "La courte", terms, duration_minutes=15)
    make("training", "Sans durée", terms)
    make("training", "Pour les enseignants", terms[:4])
    html = page(client, "/accueillir/")
    assert html.index("La courte") < html.index("La longue") < html.index("Sans durée")
    assert "Pour les enseignants" not in html
    assert 'href="/recherche/?kind=training&amp;public=cap"' in html


def test_no_training_says_what_to_do(client: Client) -> None:
    assert "Chercher dans tout Vivier" in page(client, "/accueillir/")


def test_trainings_for_members_are_for_members(people: People, client_of: Any, terms: list[Term]) -> None:
    make("training", "Entre nous", terms, visibility=Visibility.MEMBERS)
    assert "Entre nous" not in page(client_of(None), "/accueillir/")
    assert "Entre nous" not in page(client_of(people.tutor), "/accueillir/")
    assert "Entre nous" in page(client_of(people.teacher), "/accueillir/")


# J'anime ---------------------------------------------------------------------------------------------------------


def test_what_other_poles_did_about_our_problems(people: People, client_of: Any, terms: list[Term]) -> None:
    other = [*terms[:2], term(Facet.PROBLEMATIQUE, "handicap")]
    make("practice", "Chez nous", terms, pole=people.pole)
    make("practice", "Ailleurs, même difficulté", terms, pole=people.other_pole)
    make("practice", "Ailleurs, autre difficulté", other, pole=people.other_pole)
    make("practice", "Ailleurs, entre eux", terms, pole=people.other_pole, visibility=Visibility.POLE)
    html = page(client_of(people.facilitator), "/animer/")
    assert "Pôle premier</a>" in html
    assert "MOBILITE-GEOGRAPHIQUE" in html
    assert "Ailleurs, même difficulté" in html
    for absent in ("Chez nous", "autre difficulté", "entre eux"):
        assert absent not in html
    stranger = page(client_of(None), "/animer/")
    assert "Connectez-vous" in stranger
    assert "Chez nous" in stranger
    assert "Mes brouillons" not in stranger
    assert "entre eux" not in stranger


def test_my_drafts_and_nobody_elses(people: People, client_of: Any) -> None:
    draft = make_item("teaching", "Pas finie", owner=people.author, state=State.DRAFT)
    make_item("practice", "Relue bientôt", owner=people.author, pole=people.pole, state=State.IN_REVIEW)
    newer = make_item("teaching", "En ligne", owner=people.author)
    newer.title = "En ligne, reprise"
    newer.save_revision(user=people.author)
    html = page(client_of(people.author), "/animer/")
    assert f'href="/brouillons/{draft.pk}/"' in html
    assert "brouillon, pas encore proposé" in html
    assert "nouvelle version, pas encore proposée" in html
    assert "en relecture" in html
    assert "En ligne, reprise" in html
    for name, reader in people.readers().items():
        if name != "author":
            other = page(client_of(None if name == "anonymous" else reader), "/animer/")
            assert "Pas finie" not in other, name
            assert "reprise" not in other, name


def test_a_former_co_author_sees_no_draft(people: People, client_of: Any) -> None:
    item = make_item("teaching", "À deux", owner=people.author)
    item.authors.set([people.teacher])
    item.save_revision(user=people.author).publish(skip_permission_checks=True)
    assert "Reprise seule" not in page(client_of(people.teacher), "/animer/")
    item = type(item).objects.get(pk=item.pk)
    item.title = "Reprise seule"
    item.authors.set([people.author])
    item.save_revision(user=people.author)
    assert "Reprise seule" not in page(client_of(people.teacher), "/animer/")
    assert "Reprise seule" in page(client_of(people.author), "/animer/")


def test_a_co_author_named_in_the_draft_sees_it(people: People, client_of: Any) -> None:
    item = make_item("teaching", "À deux bientôt", owner=people.author, state=State.DRAFT)
    item.authors.set([people.teacher])
    item.save_revision(user=people.author)
    assert "À deux bientôt" in page(client_of(people.teacher), "/animer/")


def test_versions_that_one_may_read_no_more_hide_nothing(people: People, client_of: Any) -> None:
    mine = make_item("teaching", "La mienne", owner=people.teacher, state=State.DRAFT)
    for n in range(12):
        item = make_item("teaching", f"Quittée {n}", owner=people.author)
        item.authors.set([people.teacher])
        item.save_revision(user=people.author).publish(skip_permission_checks=True)
        item = type(item).objects.get(pk=item.pk)
        item.authors.set([])
        item.save_revision(user=people.author)
    html = page(client_of(people.teacher), "/animer/")
    assert mine.title in html
    assert "Quittée" not in html


def test_what_a_draft_waits_for(people: People, client_of: Any) -> None:
    sent_back = make_item(
        "practice", "À reprendre", owner=people.author, pole=people.pole, state=State.IN_REVIEW
    )
    sent_back.current_workflow_task_state.reject(user=people.coordination, comment="Dites combien.")
    retired = make_item("teaching", "Retirée hier", owner=people.author)
    retired.unpublish()
    html = page(client_of(people.author), "/animer/")
    assert "modifications demandées par la coordination" in html
    assert "retirée de la ligne" in html


def test_a_replaced_term_is_its_successor(people: People, client_of: Any, terms: list[Term]) -> None:
    for facet, slug in ((Facet.PROBLEMATIQUE, "mobilite-geographique"), (Facet.AUDIENCE, "tuteur")):
        new = Term.objects.create(facet=facet, slug=f"{slug}-neuf", label=f"{slug} neuf")
        Term.objects.filter(facet=facet, slug=slug).update(replaced_by=new)
    fresh = [term(Facet.PROBLEMATIQUE, "mobilite-geographique-neuf"), term(Facet.AUDIENCE, "tuteur-neuf")]
    make("practice", "Avec le mot d’hier", terms, pole=people.pole)
    make("practice", "Avec le mot d’aujourd’hui", fresh, pole=people.other_pole)
    make("training", "Formation d’aujourd’hui", fresh)
    make("training", "Formation d’hier", terms)
    html = page(client_of(people.facilitator), "/animer/")
    assert "mobilite-geographique neuf" in html
    assert "MOBILITE-GEOGRAPHIQUE" not in html
    assert "Avec le mot d’aujourd’hui" in html
    welcome = page(client_of(None), "/accueillir/")
    assert "Formation d’aujourd’hui" in welcome
    assert "Formation d’hier" in welcome


def test_more_trainings_than_a_page_holds(people: People, client_of: Any, terms: list[Term]) -> None:
    for n in range(51):
        make("training", f"Formation {n}", terms, duration_minutes=10 + n)
    html = page(client_of(None), "/accueillir/")
    assert html.count("<h3>") == 50
    assert "Toutes les formations" in html
