"""The search page and the suggestions, as a browser sees them."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from kb.core.readers import State, Visibility
from kb.vocabulary.models import Tag
from search.engines.base import SearchEngine
from search.index.draining import drain
from tests.items import make_item
from tests.people import People

from .world import World, make_world

pytestmark = pytest.mark.django_db

HOSTILE = [
    "a" * 10_000,
    "\x00",
    'titre:"gîte" AND (NOT x) ~2 ^4 [* TO *] {a} \\ / +-!&& ||',
    "l'entreprise C++ : ???",
    "😀😀 👩‍🏫",
    "שלום עולם \u202e txt",
    "%00%ff",
    "'; DROP TABLE resources_item; --",
    "<script>alert(1)</script>",
    "\ud800",
    "   ",
    "\u0301\u0301",
    "%",
    "_",
]


@pytest.fixture
def world(index: SearchEngine) -> World:
    made = make_world()
    from django.db import transaction

    from search.index import outbox

    with transaction.atomic():
        outbox.record([made.resource.pk, made.training.pk, made.sheet.pk, made.other_sheet.pk])
    drain()
    return made


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def hits(html: str) -> list[str]:
    return re.findall(r'<h3><a href="([^"]+)">', html)


def test_everything_with_its_facets_and_counts(client: Client, world: World) -> None:
    html = page(client, "/recherche/")
    assert '<h2 id="reponses" tabindex="-1">4 réponses</h2>' in html
    assert len(hits(html)) == 4
    two = r'</span><span class="count">2<'
    assert re.search(rf'name="kind" value="practice">\s*<span>Fiche de pratique{two}', html)
    assert re.search(rf'name="audience" value="mot-neuf">\s*<span>Directeur délégué{two}', html)
    assert re.search(r'name="pole" value="nord">\s*<span>Pôle du nord</span><span', html)
    assert re.search(r'name="departement" value="21">\s*<span>Côte-d’Or</span><span', html)
    assert "Égalité filles-garçons" in html


def test_found_without_its_accent_and_marked(client: Client, world: World) -> None:
    html = page(client, "/recherche/?q=gite")
    assert hits(html) == ["/poles/nord/le-gite-des-stagiaires/"]
    assert "Le <mark>gîte</mark> des stagiaires" in html
    assert 'value="gite"' in html


def test_filters_are_kept_and_can_be_taken_off(client: Client, world: World) -> None:
    html = page(client, "/recherche/?kind=practice&pole=nord&pole=sud&sort=date")
    assert len(hits(html)) == 2
    assert html.count(" checked>") == 3
    assert 'href="?pole=nord&amp;pole=sud&amp;sort=date"' in html
    assert 'href="?kind=practice&amp;pole=sud&amp;sort=date"' in html
    assert 'href="?sort=date"' in html
    assert '<input type="hidden" form="recherche" name="sort" value="date">' in html


def test_a_value_that_nothing_has_finds_nothing_and_stays_visible(client: Client, world: World) -> None:
    html = page(client, "/recherche/?phase=jamais-vu")
    assert "Aucune réponse" in html
    none = r'</span><span class="count">0<'
    assert re.search(rf'value="jamais-vu" checked>\s*<span>jamais-vu{none}', html)
    assert "retirez le filtre" in html


def test_the_name_of_a_draft_tag_is_not_told(client: Client, world: World) -> None:
    make_item("teaching", "Brouillon", state=State.DRAFT, tags=("Affaire secrète",))
    assert Tag.objects.filter(slug="affaire-secrete").exists()
    html = page(client, "/recherche/?tag=affaire-secrete")
    assert "Affaire secrète" not in html


def test_no_answer_gives_advice(client: Client, world: World) -> None:
    html = page(client, "/recherche/?q=zzzz")
    assert "Aucune réponse pour «\u00a0zzzz\u00a0»" in html
    assert "essayez un mot plus courant, ou un seul mot\u202f: «\u00a0mobilité\u00a0»" in html
    assert '<a href="/connexion/?next=%2Frecherche%2F%3Fq%3Dzzzz">connectez-vous</a>' in html


def test_pages(client: Client, index: SearchEngine) -> None:
    for number in range(45):
        make_item("teaching", f"Entretien {number}")
    drain()
    first = page(client, "/recherche/?q=entretien&kind=teaching")
    assert len(hits(first)) == 20
    assert "Page 1 sur 3" in first
    assert 'href="?q=entretien&amp;kind=teaching&amp;page=2" rel="next"' in first
    assert "Page précédente" not in first
    last = page(client, "/recherche/?q=entretien&kind=teaching&page=3")
    assert len(hits(last)) == 5
    assert 'href="?q=entretien&amp;kind=teaching&amp;page=2" rel="prev"' in last
    assert "Page suivante" not in last
    beyond = page(client, "/recherche/?q=entretien&page=9")
    assert hits(beyond) == []
    assert "les réponses tiennent en 3 pages" in beyond
    assert 'href="?q=entretien&amp;page=3" rel="prev"' in beyond
    assert "Page 9" not in beyond


@pytest.mark.parametrize("address", ["/recherche/", "/recherche/suggestions/", "/api/v1/search"])
@pytest.mark.parametrize("engine_up", [True, False], ids=["up", "down"])
@pytest.mark.parametrize("parameter", ["q", "kind", "tag", "page", "sort", "departement", "couleur"])
def test_no_input_is_an_error_of_ours(
    client: Client, address: str, engine_up: bool, parameter: str, request: pytest.FixtureRequest
) -> None:
    if engine_up:
        request.getfixturevalue("index")
    make_item("teaching", "Fiche")
    for text in HOSTILE:
        answer = client.get(f"{address}?{parameter}={quote(text, errors='surrogatepass')}")
        assert answer.status_code in (200, 400), (text, answer.status_code)
        html = answer.content.decode()
        assert "<script>alert" not in html or answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("asked", ["-1", "0", "999999", "abc", "9" * 5000])
def test_a_page_out_of_range_is_refused_in_french(client: Client, index: SearchEngine, asked: str) -> None:
    assert "Le numéro de page va de 1 à 500" in page(client, f"/recherche/?page={asked}", 400)


def test_what_is_refused_keeps_the_form_and_says_why(client: Client, index: SearchEngine) -> None:
    html = page(client, "/recherche/?q=entretien&kind=practice&pole=nord&tag=%00&sort=date&page=0", 400)
    assert 'value="entretien"' in html
    assert '<input type="hidden" name="kind" value="practice" id="id_kind_0">' in html
    assert 'name="pole" value="nord"' in html
    assert 'name="tag"' not in html
    assert '<input type="hidden" form="recherche" name="sort" value="date">' in html
    assert "caractère interdit" in html
    assert "Le numéro de page va de 1 à 500" in html
    assert 'role="alert"' in html
    long = "mot " * 2_500
    html = page(client, f"/recherche/?q={quote(long)}", 400)
    assert "La question compte plus de 500 caractères" in html
    assert escape(long.strip()) in html


def test_only_reading(client: Client) -> None:
    for address in ("/recherche/", "/recherche/suggestions/", "/api/v1/search"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200


def test_each_reader_finds_what_they_may_read(people: People, client_of: Any, index: SearchEngine) -> None:
    for visibility in Visibility:
        make_item("teaching", f"Entretien {visibility}", pole=people.pole, visibility=visibility)
    make_item("teaching", "Entretien brouillon", owner=people.author, state=State.DRAFT)
    drain()
    public, members, pole = (f"/ressources/entretien-{visibility}/" for visibility in Visibility)
    expected = {
        "anonymous": {public},
        "teacher": {public, members, pole},
        "tutor": {public},
        "facilitator": {public, members, pole},
        "other_facilitator": {public, members},
        "coordination": {public, members, pole},
        "author": {public, members, pole},
        "administrator": {public, members, pole},
    }
    for name, reader in people.readers().items():
        client = client_of(None if name == "anonymous" else reader)
        html = page(client, "/recherche/?q=entretien")
        assert set(hits(html)) == expected[name], name
        assert f'<span class="count">{len(expected[name])}<' in html
        assert html.count("<span>Réservée aux membres de Vivier</span>") == (members in expected[name])
        assert html.count("<span>Réservée aux membres du pôle</span>") == (pole in expected[name])
        suggested = client.get("/recherche/suggestions/?q=entre").json()["suggestions"]
        assert len(suggested) == len(expected[name]), name


@pytest.fixture(params=["embedded", "nobody listens", "no address"])
def broken_engine(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> None:
    if request.param == "embedded":
        settings.SEARCH_INDEX_DIR = tmp_path / "file"
        (tmp_path / "file").touch()
    elif request.param == "nobody listens":
        with socket.create_server(("127.0.0.1", 0)) as closed:
            settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
    else:
        settings.ELASTICSEARCH_URL = "localhost"


@pytest.mark.usefixtures("broken_engine")
def test_without_an_engine_the_database_answers_and_says_so(
    client: Client, people: People, client_of: Any
) -> None:
    make_item("teaching", "Préparer un entretien")
    make_item("teaching", "Autre chose", visibility=Visibility.MEMBERS)
    html = page(client, "/recherche/?q=entretien&kind=teaching")
    assert hits(html) == ["/ressources/preparer-un-entretien/"]
    assert "Réservée" not in html
    assert "Réservée aux membres de Vivier" in page(client_of(people.teacher), "/recherche/?q=autre")
    assert "Recherche en mode réduit" in html
    assert "«\u00a0mobilité\u00a0»" not in page(client, "/recherche/?q=zzzz")
    assert 'name="kind" value="teaching" checked' in html
    assert len(hits(page(client, "/recherche/"))) == 1
    assert client.get("/recherche/suggestions/?q=ent").json() == {"suggestions": []}
    assert client.get("/api/v1/search?q=entretien").json()["reduced"] is True
    assert client.get("/readyz").json()["search"] == "reduced"


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)


@pytest.mark.parametrize("engine_up", [True, False], ids=["up", "down"])
def test_the_number_of_queries_does_not_grow(
    people: People, client_of: Callable[..., Client], engine_up: bool, request: pytest.FixtureRequest
) -> None:
    if engine_up:
        request.getfixturevalue("index")
    client = client_of(people.teacher)

    def grow(numbers: range) -> None:
        for number in numbers:
            make_item("practice", f"Fiche {number}", pole=people.pole, tags=(f"mot {number}",))
        if engine_up:
            drain()

    grow(range(3))
    queries(client, "/recherche/?q=fiche&tag=mot-1&pole=premier")
    few = queries(client, "/recherche/?q=fiche&tag=mot-1&pole=premier")
    grow(range(3, 20))
    more = "/recherche/?q=fiche&tag=mot-1&tag=mot-2&pole=premier"
    queries(client, more)  # noted for the first time today: one row is made, after the answer
    assert queries(client, more) == few <= 20
