"""The page that keeps searches, and the list of one's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.core.readers import State
from search.engines.base import SearchEngine
from search.models import SavedSearch
from search.saved import keeping
from search.saved.keeping import MOST
from tests.html import problems
from tests.items import make_item
from tests.people import People

from .searches import LIST, Every, committed, kept, page, post, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_saved_from_the_search_page(people: People, client_of: Any, index: SearchEngine) -> None:
    found = publish("Calendrier commun")
    client = client_of(people.teacher)
    html = page(client, "/recherche/?q=calendrier&sort=date&page=2")
    assert "Enregistrer cette recherche" in html
    assert 'name="address" value="q=calendrier&amp;sort=date&amp;page=2"' in html
    answer = post(client, "q=calendrier&sort=date&page=2", follow=True)
    assert answer.redirect_chain == [("/recherche/?q=calendrier&sort=date&page=2", 302)]
    html = answer.content.decode()
    assert "Recherche enregistrée\u202f: un courriel chaque jour où il y a du nouveau." in html
    assert "Enregistrer cette recherche" not in html
    assert f'<a class="go" href="{LIST}">Mes recherches</a>' in html
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.address, saved.every) == (people.teacher, "q=calendrier", Every.DAY)
    assert saved.seen == [found.pk]
    assert saved.checked_at is not None


def test_equal_searches_are_one(people: People, client_of: Any, index: SearchEngine) -> None:
    client = client_of(people.teacher)
    post(client, "kind=practice&kind=teaching&q=un++mot&page=3", Every.DAY)
    post(client, "q=un+mot&kind=teaching&kind=practice&kind=&couleur=bleu&sort=date", Every.WEEK)
    saved = SavedSearch.objects.get()
    assert (saved.address, saved.every) == ("q=un+mot&kind=practice&kind=teaching", Every.WEEK)
    assert "Recherche enregistrée" in page(client, "/recherche/?kind=teaching&kind=practice&q=un+mot")
    post(client_of(people.author), saved.address)
    assert SavedSearch.objects.count() == 2


def test_nothing_is_offered_to_strangers_nor_where_nothing_is_asked(
    client: Client, people: People, client_of: Any, index: SearchEngine
) -> None:
    assert "Enregistrer" not in page(client, "/recherche/?q=calendrier")
    assert "Enregistrer" not in page(client_of(people.teacher), "/recherche/?sort=date")
    assert "Enregistrer" in page(client_of(people.teacher), "/recherche/?kind=practice")
    answer = post(client, "q=stage&kind=practice")
    assert answer["Location"] == "/connexion/?next=/recherche/%3Fq%3Dstage%26kind%3Dpractice"
    assert client.get(LIST)["Location"] == f"/connexion/?next={LIST}"
    assert client.post(f"{LIST}1/")["Location"] == f"/connexion/?next={LIST}1/"
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("address", "every", "said"),
    [
        ("", "day", "Tapez une question ou choisissez un filtre"),
        ("couleur=bleu", "day", "Tapez une question ou choisissez un filtre"),
        (urlencode({"q": "é" * 499}), "day", "trop longue pour être enregistrée"),
        ("q=stage", "hour", "chaque jour, chaque semaine ou jamais"),
        ("q=stage", "", "chaque jour, chaque semaine ou jamais"),
    ],
)
def test_what_cannot_be_saved_says_why(
    people: People, client_of: Any, index: SearchEngine, address: str, every: str, said: str
) -> None:
    answer = post(client_of(people.teacher), address, every, follow=True)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("q=%00stage", "caractère interdit"),
        ("q=stage&page=-1", "Le numéro de page va de 1 à"),
        ("q=stage&tag=" + "a" * 101, "Un filtre de cette adresse"),
        (urlencode({"q": "mot " * 200}), "La question compte plus de 500 caractères"),
    ],
)
def test_a_broken_address_is_refused_and_can_be_put_right(
    people: People, client_of: Any, address: str, said: str
) -> None:
    answer = post(client_of(people.teacher), address)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert said in html
    assert 'id="recherche"' in html
    assert not SavedSearch.objects.exists()


def test_fifty_a_person(people: People, client_of: Any, index: SearchEngine) -> None:
    for number in range(MOST):
        kept(people.teacher, f"q=mot{number}")
    client = client_of(people.teacher)
    html = post(client, "q=un+de+trop", follow=True).content.decode()
    assert "Vous avez déjà 50 recherches enregistrées" in html
    post(client, "q=mot7", Every.WEEK)
    assert SavedSearch.objects.get(address="q=mot7").every == Every.WEEK
    assert SavedSearch.objects.count() == MOST
    post(client_of(people.author), "q=un+de+trop")
    assert SavedSearch.objects.filter(user=people.author).exists()


# « Mes recherches »


def test_the_list_says_each_search_in_words(people: People, client_of: Any, index: SearchEngine) -> None:
    publish("Fiche", tags=("Égalité",))
    make_item("teaching", "Brouillon", owner=people.author, state=State.DRAFT, tags=("Affaire secrète",))
    kept(people.teacher, "q=stage&kind=practice&kind=training&pole=premier&tag=egalite&tag=affaire-secrete")
    kept(people.teacher, "departement=21", Every.WEEK)
    kept(people.teacher, "page=0")
    kept(people.author, "q=secret")
    html = page(client_of(people.teacher), LIST)
    assert problems(html) == []
    assert "3 recherches sur 50 possibles" in html
    assert "«\u00a0stage\u00a0»</a></h2>" in html
    assert "Nature\u202f: Fiche de pratique ou Formation<" in html
    assert "Pôle\u202f: Pôle premier<" in html
    assert "Mot-clé\u202f: Égalité ou affaire-secrete<" in html
    assert '<a href="/recherche/?departement=21">Toutes les fiches</a>' in html
    assert "Département\u202f: Côte-d’Or<" in html
    assert '<option value="week" selected>chaque semaine</option>' in html
    assert "Recherche à refaire" in html
    assert "secret<" not in html
    assert LIST in page(client_of(people.teacher), "/")
    assert "Aucune recherche enregistrée" in page(client_of(people.tutor), LIST)


def test_the_list_asks_no_more_for_more(people: People, client_of: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, LIST)
        return len(captured)

    client = client_of(people.teacher)
    kept(people.teacher, "q=mot&pole=premier&tag=un")
    queries()
    few = queries()
    for number in range(10):
        kept(people.teacher, f"q=mot{number}&pole=premier&tag=un&tag=deux")
    assert queries() == few


def test_changed_and_deleted(people: People, client_of: Any, index: SearchEngine) -> None:
    saved = kept(people.teacher)
    client, address = client_of(people.teacher), f"{LIST}{saved.pk}/"
    html = client.post(address, {"every": "week"}, follow=True).content.decode()
    assert "un courriel chaque semaine où il y a du nouveau" in html
    assert SavedSearch.objects.get().every == Every.WEEK
    html = client.post(address, {"every": "toujours"}, follow=True).content.decode()
    assert "chaque jour, chaque semaine ou jamais" in html
    assert client.get(address)["Location"] == LIST
    assert SavedSearch.objects.get().every == Every.WEEK
    html = client.post(address, {"delete": "1"}, follow=True).content.decode()
    assert "Recherche supprimée\u202f: «\u00a0calendrier\u00a0»." in html
    assert not SavedSearch.objects.exists()
    assert client.post(address, {"delete": "1"}).status_code == 404


def test_nobody_touches_the_searches_of_another(people: People, client_of: Any) -> None:
    saved = kept(people.teacher)
    for pk in (saved.pk, 10**30):
        answer = client_of(people.administrator).post(f"{LIST}{pk}/", {"delete": "1"})
        assert answer.status_code == 404
    assert SavedSearch.objects.exists()


def test_who_leaves_for_good_leaves_no_search(people: People) -> None:
    kept(people.tutor)
    people.tutor.delete()
    assert not SavedSearch.objects.exists()


def test_who_waits_for_the_engine_holds_no_row(
    people: People, client_of: Any, index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked before the commit, it would hold the person's row, and all of SQLite, for as long as the engine takes."""
    asked: list[str] = []
    monkeypatch.setattr(keeping, "found_ids", lambda request, tokens: asked.append(request.q) or ())
    client = client_of(people.teacher)
    client.post(LIST, {"address": "q=calendrier", "every": Every.DAY})
    assert asked == []
    saved = SavedSearch.objects.get()
    assert saved.checked_at is None
    committed(client, f"{LIST}{saved.pk}/", {"every": Every.NEVER})
    committed(client, f"{LIST}{saved.pk}/", {"every": Every.DAY})
    assert asked == ["calendrier"]


def test_one_that_another_tab_deleted_is_changed_no_more(people: People) -> None:
    saved = kept(people.teacher)
    SavedSearch.objects.all().delete()
    keeping.change_frequency(saved, Every.WEEK)
    assert not SavedSearch.objects.exists()


def test_one_that_can_no_longer_be_read_has_a_name(people: People, client_of: Any) -> None:
    saved = kept(people.teacher, "page=-1")
    client = client_of(people.teacher)
    html = client.post(f"{LIST}{saved.pk}/", {"delete": "1"}, follow=True).content.decode()
    assert "Recherche supprimée\u202f: recherche à refaire." in html
