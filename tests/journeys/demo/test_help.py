"""Each task of /aide/, done as it is written there; `--pictures` draws what its picture shows.

`make help-pictures` writes them where the page takes them from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Browser, Page, expect

from kb.core.readers import State
from kb.loading.accounts import person
from kb.poles.models import Pole
from resources.models import Item, PracticeSheet, TeachingResource
from search.index.draining import drain
from tests.items import make_item

from .site import PASSWORD, DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(serialized_rollback=True)]


@pytest.fixture
def draw(pictures: Path | None) -> Callable[[Page, str], None]:
    """`draw(page, name)`: the window as it stands, 1280 by 800, for the help page; nothing in an ordinary run."""

    def drawn(page: Page, name: str) -> None:
        if pictures is not None:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=pictures / f"{name}.png")

    return drawn


@pytest.fixture
def sign_in(browser: Browser, site: DemoSite) -> Iterator[Callable[..., Page]]:
    """A person at the home page, signed in as this demo account or not at all."""
    contexts = []

    def make(reader: str = "", *, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site.url, locale="fr-FR", viewport={"width": width, "height": 800}, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        if reader:
            page.get_by_role("link", name="Se connecter").click()
            page.get_by_label("Adresse").fill(f"{reader}@demo.example")
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Se connecter").click()
            page.wait_for_url("**/")
        return page

    yield make
    for context in contexts:
        context.close()


Draw = Callable[[Page, str], None]
SignIn = Callable[..., Page]


def results_of(page: Page) -> Any:
    return page.locator(".results h3 a")


def write(page: Page, field: str, text: str) -> None:
    """Into one of the editor's rich text fields."""
    editor = page.locator(f"[data-contentpath='{field}'] .public-DraftEditor-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    # The editor hands over what was typed a quarter of a second later.
    expect(page.locator(f"[name='{field}']")).to_have_value(re.compile(text[-9:]))


def submit(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(lambda address: "/edit/" in address)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name="Soumettre à relecture").click()
    expect(page.locator(".messages")).to_contain_text("soumis")


# Enseigner -------------------------------------------------------------------------------------------------------


def test_the_weeks_of_my_class(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("link", name="J’enseigne").click()
    page.get_by_label("Ma classe").select_option(label="2de professionnelle")
    page.get_by_label("Date de départ").fill("2027-01-11")
    page.get_by_role("button", name="Voir les semaines").click()
    expect(page.get_by_role("heading", name=re.compile("départ le 11.janvier.2027"))).to_be_visible()
    draw(page, "semaines")
    expect(page.get_by_role("button", name="Imprimer ces semaines")).to_be_visible()
    page.locator(".weeks li ul a").first.click()
    expect(page.get_by_text("Relue et validée").first).to_be_visible()


def test_find_a_session_and_hand_out_its_sheet(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("enseignant")
    page.get_by_role("combobox").fill("appel")
    page.get_by_role("button", name="Rechercher").click()
    before = page.locator("#reponses").inner_text()
    page.get_by_role("group", name="Nature").get_by_role("checkbox", name="Ressource pédagogique").check()
    page.wait_for_url("**kind=teaching**")
    expect(page.locator("#reponses")).not_to_have_text(before)
    results_of(page).first.click()
    files = page.get_by_role("region", name="Fichiers")
    draw(page, "fiche-eleve")
    expect(files.get_by_text("Version enseignant")).to_be_visible()
    handout = files.locator(".file", has_text="Fiche élève").get_by_role("link")
    with page.expect_download() as download:
        handout.click()
    assert download.value.path().stat().st_size > 500


def test_propose_a_resource(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("enseignant")
    page.get_by_role("link", name="Espace de travail").click()
    draw(page, "proposer-ressource")
    page.get_by_role("link", name="Ressource pédagogique").click()
    page.get_by_role("textbox", name="Titre").fill("Téléphoner sans trembler")
    page.get_by_role("textbox", name="Résumé").fill("Une séance courte pour répéter un appel.")
    write(page, "objective", "Savoir dire qui l’on est.")
    write(page, "steps", "Jouer l’appel à deux.")
    submit(page)
    assert TeachingResource.objects.get(title="Téléphoner sans trembler").workflow_in_progress


# Accueillir ------------------------------------------------------------------------------------------------------


def test_the_shortest_training_first(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("link", name="J’accueille un jeune").click()
    draw(page, "plus-courte")
    minutes = [
        int(text.split()[0]) for text in page.locator(".cards .meta span:first-child").all_inner_texts()
    ]
    assert minutes == sorted(minutes)
    page.locator(".cards h3 a").first.click()
    page.get_by_role("link", name="Commencer").click()
    expect(page.get_by_text(re.compile(r"^Module 1 sur \d, \d+\sminutes$"))).to_be_visible()
    expect(page.get_by_role("button", name="Vérifier mes réponses")).to_be_visible()


def test_the_training_for_the_young_person_I_welcome(sign_in: SignIn, draw: Draw) -> None:  # noqa: N802
    page = sign_in()
    page.get_by_role("link", name="J’accueille un jeune").click()
    page.get_by_role("link", name="CAP", exact=True).click()
    expect(results_of(page).first).to_be_visible()
    draw(page, "selon-le-jeune")
    page.get_by_role("link", name=re.compile("Retirer le filtre Public")).click()
    page.wait_for_url(lambda address: "public=" not in address)


def test_an_answer_to_a_situation(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("combobox").fill("donner une consigne")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("group", name="Pour qui").get_by_role("checkbox", name="Tuteur").check()
    page.wait_for_url("**audience=tuteur**")
    expect(page.locator("mark").first).to_be_visible()
    draw(page, "situation")
    results_of(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# Animer ----------------------------------------------------------------------------------------------------------


def test_invite_tutors(sign_in: SignIn, site: DemoSite, draw: Draw) -> None:
    page = sign_in("animateur")
    page.get_by_role("link", name="J’anime un pôle").click()
    page.get_by_role("link", name=re.compile("^Inviter des tuteurs")).click()
    page.get_by_label("Formation").select_option(index=1)
    page.get_by_role("button", name="Créer le lien").click()
    expect(page.get_by_label("Le lien à envoyer")).to_have_value(re.compile("/invitations/"))
    page.goto(site.addresses["followers"])
    expect(page.get_by_role("row", name=re.compile("Camille"))).to_be_visible()
    draw(page, "inviter")


def test_what_others_did_about_our_problem(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("animateur")
    page.get_by_role("link", name="J’anime un pôle").click()
    expect(page.get_by_role("link", name="Pôle de démonstration n° 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Mes brouillons")).to_be_visible()
    draw(page, "autres-poles")
    others = page.locator(".cards:not(.one) .meta")
    assert others.count() >= 3
    assert not any("n° 1" in text.replace("\u00a0", " ") for text in others.all_inner_texts())
    page.get_by_role("link", name=re.compile("Toutes les pratiques")).first.click()
    expect(results_of(page).first).to_be_visible()


def test_write_a_practice_with_its_results(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("animateur")
    page.get_by_role("link", name="Espace de travail").click()
    page.get_by_role("link", name=re.compile("Fiche de pratique")).click()
    page.get_by_role("textbox", name="Titre").fill("Un rendez-vous le mardi")
    page.get_by_role("textbox", name="Résumé").fill("Un créneau fixe pour les entreprises.")
    draw(page, "ecrire-fiche")
    write(page, "context", "Les entreprises appelaient sans trouver personne.")
    write(page, "steps", "Tenir le créneau, chaque mardi.")
    page.locator("#id_results-ADD").click()
    page.locator("[name='results-0-indicator']").fill("appels manqués")
    page.locator("[name='results-0-before']").fill("12")
    page.locator("[name='results-0-after']").fill("3")
    submit(page)
    sheet = PracticeSheet.objects.get(title="Un rendez-vous le mardi")
    assert sheet.workflow_in_progress
    assert sheet.get_latest_revision_as_object().results.get().after == 3


def test_follow_my_sheet_during_its_review(sign_in: SignIn, draw: Draw) -> None:
    # Of its own: another test approves the one that waits in the demo.
    make_item(
        "practice",
        "Un rendez-vous avant la rentrée",
        owner=person("animateur-b"),
        pole=Pole.objects.get(slug="demo-2"),
        state=State.IN_REVIEW,
    )
    page = sign_in("animateur-b")
    page.get_by_role("link", name="J’anime un pôle").click()
    expect(page.get_by_text("en relecture").first).to_be_visible()
    page.locator(".cards.one h3 a").first.click()
    expect(page.get_by_role("status")).to_contain_text("pas publiée")
    draw(page, "suivre-brouillon")


# Diriger, coordonner ---------------------------------------------------------------------------------------------


def test_see_my_territory(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("link", name="Pôles", exact=True).click()
    draw(page, "mon-territoire")
    page.get_by_role("table").get_by_role("link").nth(2).click()
    expect(page.get_by_role("heading", name="Fiches de pratique")).to_be_visible()
    expect(page.get_by_role("heading", name="Zones d’emploi")).to_be_visible()
    expect(page.get_by_role("heading", name="Établissements")).to_be_visible()


def test_a_practice_with_its_figures(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("link", name="Rechercher").click()
    page.get_by_role("group", name="Nature").get_by_role("checkbox", name="Fiche de pratique").check()
    page.wait_for_url("**kind=practice**")
    page.get_by_role("group", name="Problématique").get_by_role("checkbox", name="Territoire rural").check()
    page.wait_for_url("**problematique=territoire-rural**")
    results_of(page).first.click()
    expect(page.get_by_role("heading", name="Ce que cela a changé")).to_be_visible()
    draw(page, "pratiques-chiffrees")
    assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) <= 2


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_be_kept_informed(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in()
    page.get_by_role("heading", name="Nouveau et relu").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('nouveau').scrollIntoView()")
    draw(page, "etre-tenu-au-courant")
    feed = page.get_by_role("link", name="Flux Atom").get_attribute("href")
    assert page.request.get(feed or "").text().startswith("<?xml")
    page.get_by_role("link", name="Plan du site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan du site")


# Coordination ----------------------------------------------------------------------------------------------------


def test_approve_a_sheet(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("coordination")
    page.get_by_role("link", name="Espace de travail").click()
    draw(page, "approuver")
    page.get_by_role("link", name=re.compile("La salle de répétition")).first.click()
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name="Approuver et publier").click()
    expect(page.get_by_text("publiée").or_(page.get_by_text("approuvée")).first).to_be_visible()
    assert Item.objects.get(slug="entretiens-blancs-pour-raccrocheurs").live
    drain()


def test_ask_for_changes(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("coordination")
    page.get_by_role("link", name="Espace de travail").click()
    page.get_by_role("link", name=re.compile("Trois phrases plutôt")).first.click()
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name="Demander des modifications").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Ajoutez la durée de chaque étape.")
    draw(page, "demander-reprise")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Demander|Confirmer|Envoyer")).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    item = Item.objects.get(slug="trois-phrases-plutot-qu-une-lettre")
    assert not item.workflow_in_progress
    told = " ".join(str(task.args_kwargs) for task in DBTaskResult.objects.all())
    assert "Ajoutez la durée" in told
    assert person("enseignant").email in told


def test_take_a_sheet_offline(sign_in: SignIn, draw: Draw) -> None:
    page = sign_in("coordination")
    page.goto("/poles/demo-3/le-velo-de-la-premiere-semaine/")
    page.get_by_role("region", name="Dans l’espace de travail").get_by_role("link", name="Retirer").click()
    draw(page, "retirer")
    page.get_by_role("textbox").last.fill("Le prêt de vélos s’arrête.")
    page.get_by_role("main").get_by_role("button", name="Retirer").click()
    assert not Item.objects.get(slug="le-velo-de-la-premiere-semaine").live
    page.goto("/poles/demo-3/le-velo-de-la-premiere-semaine/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
