"""Every page type and every state in which a reader can meet it, with the way there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from kb.home import errors
from kb.learning.cookie import NAME, to_cookie
from kb.learning.progress import Progress, Steps
from resources.models import Training, TrainingModule
from resources.training.quiz import Question, Sort
from tests.training import right_one, wrong_one

SHEET = "/poles/demo-3/le-velo-de-la-premiere-semaine/"
TEACHING = "/ressources/mon-trajet-avant-de-promettre/"
TRAINING = "/formations/donner-une-consigne-a-un-debutant/"
SHORT = "/formations/cinq-jours-d-observation/"


def nothing(page: Page) -> None:
    pass


@dataclass(frozen=True)
class State:
    """`path` may name one of the site's `addresses` as {name}; `then` is done once the page is there.

    `reader`: a demo account. `without_engine`: the search engine does not answer. `error`: the page of an error that
    nothing on a sound site shows; it is rendered and given to the browser at an address of its own.
    """

    name: str
    path: str
    reader: str = ""
    then: Callable[[Page], None] = nothing
    without_engine: bool = False
    error: str = ""


def open_filters(page: Page) -> None:
    """Shown beside the answers where there is room; behind a button where there is not."""
    button = page.locator(".filters > summary")
    if button.is_visible():
        button.click()
    page.get_by_text("de plus").first.click()


def tick(page: Page) -> None:
    """The answers change in place and the focus stays on the box."""
    button = page.locator(".filters > summary")
    if button.is_visible():
        button.click()
    page.get_by_role("group", name="Nature").get_by_role("checkbox").first.check()
    page.wait_for_url("**kind=**")


def cut_off(page: Page) -> None:
    """The network goes away under a search."""
    page.route("**/recherche/**", lambda route: route.abort())
    page.get_by_role("combobox").first.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def waiting(page: Page) -> None:
    """A search that has not been answered yet."""
    page.route("**/recherche/**", lambda route: None)
    page.get_by_role("combobox").first.press("Enter")
    expect(page.get_by_text("Recherche en cours")).to_be_visible()


def suggest(page: Page) -> None:
    """Words, pôles and items under the field, one of them under the arrows."""
    page.get_by_role("combobox").press_sequentially("con")
    expect(page.get_by_role("option").first).to_be_visible()
    page.get_by_role("combobox").press("ArrowDown")


def wrong_password(page: Page) -> None:
    page.get_by_label("Adresse").fill("personne@demo.example")
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_be_visible()


def short_password(page: Page) -> None:
    page.get_by_label("Mot de passe actuel").fill("faux")
    page.get_by_label("Nouveau mot de passe (obligatoire)").fill("court")
    page.get_by_label("une seconde fois").fill("cours")
    page.get_by_role("button", name="Changer de mot de passe").click()
    expect(page.locator(".errorlist").first).to_be_visible()


def bad_address(page: Page) -> None:
    page.get_by_label("Adresse").evaluate("field => field.type = 'text'")
    page.get_by_label("Adresse").fill("pas une adresse")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.locator(".errorlist").first).to_be_visible()


def open_module(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^(Commencer|Reprendre)")).click()
    page.wait_for_url("**/modules/**")
    page.locator("summary").first.click()


def _answer(page: Page, how: Callable[[Question], Any]) -> None:
    key = page.url.rstrip("/").rpartition("/")[2].partition("#")[0].rstrip("/")
    module = TrainingModule.objects.get(key=key, training__live=True)
    for question in module.questions:
        name, answer = f"q-{question.id}", how(question)
        if question.sort is Sort.GAP:
            page.locator(f"[name='{name}']").fill(answer)
        elif question.sort is Sort.ORDERING:
            for place, step in enumerate(answer, start=1):
                page.locator(f"[name='{name}-{step}']").select_option(str(place))
        else:
            for choice in answer if isinstance(answer, list) else [answer]:
                page.locator(f"[name='{name}'][value='{choice}']").check()
    page.get_by_role("button", name="Vérifier mes réponses").click()
    page.wait_for_url("**#resultat")


def pass_module(page: Page) -> None:
    open_module(page)
    _answer(page, right_one)


def fail_module(page: Page) -> None:
    open_module(page)
    _answer(page, wrong_one)


def leave_empty(page: Page) -> None:
    open_module(page)
    page.get_by_role("button", name="Vérifier mes réponses").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _has_done(page: Page, count: int, gone: Steps | None = None) -> None:
    """The browser keeps that the first `count` modules of the training on the page were done, and `gone` elsewhere."""
    course = Training.objects.get(slug=page.url.rstrip("/").rpartition("/")[2])
    keys = [module.key for module in course.modules.all()]
    steps = Steps()
    for key in keys[:count]:
        steps = steps.after_pass(key, keys, datetime.date(2026, 11, 24))
    response = HttpResponse()
    to_cookie(response, Progress({course.pk: steps} | ({999_999: gone} if gone else {})))
    page.context.add_cookies(
        [{"name": NAME, "value": response.cookies[NAME].value, "url": urljoin(page.url, "/")}]
    )
    page.reload()


def follow_one(page: Page) -> None:
    _has_done(page, 1)
    expect(page.get_by_role("link", name=re.compile("^Reprendre"))).to_be_visible()


def follow_all(page: Page) -> None:
    _has_done(page, 99)
    expect(page.get_by_role("button", name="Télécharger")).to_be_visible()


def my_trainings(page: Page) -> None:
    _has_done(page, 1, gone=Steps(finished=datetime.date(2026, 11, 2)))
    page.goto("/mes-formations/")
    expect(page.get_by_text("qui ne vous sont plus ouvertes")).to_be_visible()


def come_back(page: Page) -> None:
    _has_done(page, 1)
    page.goto("/")
    expect(page.get_by_role("link", name="Reprendre : module 2")).to_be_visible()


def check_by_name(page: Page) -> None:
    page.get_by_label("Prénom et nom").fill("Camille Tutrice")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("status")).to_be_visible()


def check_nothing(page: Page) -> None:
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator(".errorlist").first).to_be_visible()


STATES: tuple[State, ...] = (
    State("accueil", "/"),
    State("accueil-en-cours", SHORT, then=come_back),
    State("accueil-membre", "/", reader="enseignant"),
    State("recherche", "/recherche/"),
    State("recherche-filtree", "/recherche/?q=stage&kind=teaching&public=3e"),
    State("recherche-filtres-ouverts", "/recherche/?q=stage", then=open_filters),
    State("recherche-sur-place", "/recherche/?q=stage", then=tick),
    State("recherche-suggestions", "/recherche/?kind=practice&departement=21", then=suggest),
    State("recherche-en-cours", "/recherche/?q=stage", then=waiting),
    State("recherche-coupee", "/recherche/?q=stage", then=cut_off),
    State("recherche-vide", "/recherche/?q=zzzz&kind=practice"),
    State("recherche-corrigee", "/recherche/?q=convetion+de+stage&phase=avant"),
    State("recherche-expliquee", "/recherche/?q=gratification+tuteur&pourquoi=1", reader="coordination"),
    State("recherche-mots-longs", f"/recherche/?q={'anticonstitutionnellement' * 3}"),
    State("recherche-derniere-page", "/recherche/?page=4"),
    State("recherche-au-dela", "/recherche/?page=90"),
    State("recherche-refusee", "/recherche/?page=0&q=stage"),
    State("recherche-reduite", "/recherche/?q=stage", without_engine=True),
    State("mes-recherches", "/recherche/enregistrees/", reader="enseignant"),
    State("ressources", "/ressources/"),
    State("ressources-page-absente", "/ressources/?page=99"),
    State("formations", "/formations/"),
    State("poles", "/poles/"),
    State("pole", "/poles/demo-3/"),
    State("fiche-de-pratique", SHEET),
    State("fiche-mots-longs", "{long}"),
    State("fiche-a-relire", "{overdue}", reader="animateur"),
    State("fiche-membre", TEACHING, reader="enseignant"),
    State("ressource", TEACHING),
    State("formation", TRAINING),
    State("formation-commencee", TRAINING, then=follow_one),
    State("formation-terminee", SHORT, then=follow_all),
    State("module", TRAINING, then=open_module),
    State("module-valide", TRAINING, then=pass_module),
    State("module-a-revoir", TRAINING, then=fail_module),
    State("module-incomplet", TRAINING, then=leave_empty),
    State("mes-formations", SHORT, then=my_trainings),
    State("mes-formations-vide", "/mes-formations/"),
    State("attestation-verifier", "/attestations/"),
    State("attestation-inconnue", "/attestations/?code=7K2M-9QRT-4WXB", then=check_by_name),
    State("attestation-retirer", "/attestations/retirer/", reader="coordination"),
    State("attestation-valable", "{attested}", then=check_by_name),
    State("attestation-refusee", "/attestations/?code=---", then=check_nothing),
    State("reprendre", "{resume}"),
    State("inviter", "/invitations/", reader="animateur"),
    State("invitation", "{invitation}"),
    State("invitation-suivi", "{followers}", reader="animateur"),
    State("formation-chiffres", "{figures}", reader="coordination"),
    State("formation-en-relecture", "{training_draft}", reader="coordination"),
    State("brouillon", "{draft}", reader="animateur"),
    State("en-relecture", "{review}", reader="coordination"),
    State("enseigner", "/enseigner/"),
    State("enseigner-semaines", "/enseigner/?classe=2de-pro&depart=2026-12-07"),
    State("enseigner-erreurs", "/enseigner/?classe=&depart=hier&semaines=90"),
    State("accueillir", "/accueillir/"),
    State("animer", "/animer/"),
    State("animer-mon-pole", "/animer/", reader="animateur"),
    State("aide", "/aide/"),
    State("plan-du-site", "/plan-du-site/"),
    State("accessibilite", "/accessibilite/"),
    State("mentions-legales", "/mentions-legales/"),
    State("donnees-personnelles", "/donnees-personnelles/"),
    State("connexion", "/connexion/"),
    State("connexion-erreur", "/connexion/", then=wrong_password),
    State("compte-ferme", "/connexion/compte-ferme/"),
    State("deconnexion", "/deconnexion/", reader="tuteur"),
    State("mot-de-passe-oublie", "/mot-de-passe/oublie/"),
    State("mot-de-passe-oublie-erreur", "/mot-de-passe/oublie/", then=bad_address),
    State("mot-de-passe-envoye", "/mot-de-passe/oublie/envoye/"),
    State("mot-de-passe-lien-perime", "/mot-de-passe/nouveau/1-faux/"),
    State("mot-de-passe-change", "/mot-de-passe/nouveau/fait/"),
    State("mot-de-passe-changer", "/mot-de-passe/changer/", reader="enseignant"),
    State("mot-de-passe-changer-erreur", "/mot-de-passe/changer/", reader="enseignant", then=short_password),
    State("erreur-404", "/page-qui-n-existe-pas/"),
    State("erreur-400", "/erreur/400/", error="400"),
    State("erreur-403", "/erreur/403/", error="403"),
    State("erreur-429", "/erreur/429/", error="429"),
    State("erreur-500", "/erreur/500/", error="500"),
    State("erreur-formulaire", "/erreur/csrf/", error="csrf"),
)


def error_page(name: str) -> str:
    """As `kb.home.errors` gives it to a stranger."""
    if name == "500":
        return render_to_string("home/errors/500.html")
    request: Any = RequestFactory().get(f"/erreur/{name}/")
    request.user = AnonymousUser()
    return errors._page(request, name, int(name) if name.isdigit() else 403).content.decode()
