"""Every page, as HTML and as an answer: valid, labelled, in French, from this host alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from kb.core.readers import State
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Term
from resources.models import PracticeResult, ResourceLink
from tests.html import Page, problems
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db]

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
FIXED = (
    "/",
    "/recherche/",
    "/recherche/?q=appel&public=cap-essai",
    "/recherche/?q=rien-du-tout",
    "/recherche/?public=inconnu",
    "/recherche/?page=99",
    f"/recherche/?q={'a' * 501}",
    "/recherche/enregistrees/",
    "/ressources/",
    "/ressources/?page=99",
    "/formations/",
    "/mes-formations/",
    "/attestations/",
    "/attestations/?code=7K2M-9QRT-4WXB",
    "/poles/",
    "/enseigner/",
    "/enseigner/?classe=cap-essai&depart=2026-12-07",
    "/enseigner/?classe=&depart=hier",
    "/accueillir/",
    "/animer/",
    "/aide/",
    "/plan-du-site/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/connexion/",
    "/connexion/compte-ferme/",
    "/deconnexion/",
    "/mot-de-passe/oublie/",
    "/mot-de-passe/oublie/envoye/",
    "/mot-de-passe/nouveau/fait/",
    "/mot-de-passe/nouveau/1-faux/",
    "/mot-de-passe/changer/",
    "/mot-de-passe/choisir/",
    "/page-qui-n-existe-pas/",
)


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.fixture
def addresses(people: People) -> list[str]:
    """Rich items of each kind, and every page that shows them."""
    term = Term.objects.create(facet=Facet.PUBLIC, slug="cap-essai", label="CAP d’essai")
    Pole.objects.filter(pk=people.other_pole.pk).update(closed_on="2026-01-31", is_demonstration=True)
    items = [
        make_item(kind, f"Appel {kind}", owner=people.author, pole=people.other_pole, tags=("Essai",))
        for kind in ("teaching", "training", "practice")
    ]
    for item in items:
        item.terms.add(term)
        item.review_by = timezone.localdate().replace(year=2020, day=1)
    items[0].links = [ResourceLink(title="Ailleurs", url="https://ailleurs.example/")]
    items[2].results = [PracticeResult(indicator="Refus", before=3, after=1, is_example=True)]
    for item in items:
        item.save_revision().publish(skip_permission_checks=True)
    draft = make_item("teaching", "En chantier", owner=people.author, state=State.DRAFT)
    return [
        *FIXED,
        *(item.url for item in items),
        f"/brouillons/{draft.pk}/",
        people.pole.url,
        people.other_pole.url,
    ]


@pytest.mark.parametrize("reader", ["anonymous", "author", "coordination"])
def test_pages_are_sound(people: People, client_of: Any, addresses: list[str], reader: str) -> None:
    client = client_of(None if reader == "anonymous" else getattr(people, reader))
    found = {}
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code in (200, 400, 404), address
        if said := problems(response.content.decode()):
            found[address] = said
        assert policy(response) == STRICT, address
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert "Cookie" in response["Vary"], "what one reader gets is kept for no other"
    assert found == {}


def test_forms_that_were_refused_are_sound(client: Client, people: People, client_of: Any) -> None:
    wrong = {"login": "a@demo.example", "password": "x", "email": "non"}
    assert problems(client.post("/connexion/", wrong).content.decode()) == []
    assert problems(client.post("/connexion/", {}).content.decode()) == []
    assert problems(client.post("/mot-de-passe/oublie/", wrong).content.decode()) == []
    people.author.set_password("barque-saule-roseau-7")
    people.author.save()
    changed = client_of(people.author).post("/mot-de-passe/changer/", {"password1": "1", "password2": "2"})
    assert problems(changed.content.decode()) == []
    assert problems(client_of(people.author).get("/mot-de-passe/changer/").content.decode()) == []


def test_the_admin_alone_has_the_looser_policy(
    people: People, client_of: Any, settings: LazySettings
) -> None:
    client = client_of(people.coordination)
    admin = policy(client.get("/admin/"))
    assert "'unsafe-inline'" in admin["script-src"]
    assert admin["object-src"] == "'none'"
    assert policy(client.get("/administration/")) == STRICT


def test_no_admin_screen_loads_from_another_host(people: People, client_of: Any) -> None:
    client = client_of(people.administrator)
    for address in ("/admin/", "/admin/account/", f"/admin/pages/{people.pole.pk}/edit/"):
        found = Page(client.get(address).content.decode()).found
        assert [said for said in found if said.startswith("another host")] == [], address


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<p>", "never closed"),
        ("<h1>A</h1><h3>B</h3>", "h1 then h3"),
        ('<input name="q">', "a field without label"),
        ('<img src="/a.png">', "without alt"),
        ('<a href="/"></a>', "an empty <a>"),
        ('<link href="https://a.example/a.css">', "another host"),
        ('<p style="x">a</p>', "inline style"),
        ('<form method="post"></form>', "without its token"),
    ],
)
def test_a_bad_page_is_seen(text: str, problem: str) -> None:
    assert any(problem in said for said in problems(f"<!doctype html>{text}"))
