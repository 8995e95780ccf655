"""Following a training: without an account on a phone, with one over two visits, by a pôle's link, in a new version.

Taps and screens of the first story are counted: a tutor has ten minutes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from kb.loading.accounts import address_of
from resources.models import Training, TrainingModule
from resources.training.quiz import Question, Sort
from tests.training import right_one, wrong_one

from .site import PASSWORD, DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(serialized_rollback=True)]

SHORT = "cinq-jours-d-observation"
widths = pytest.mark.parametrize("width", [320, 1280])


@pytest.fixture
def visit(browser: Browser, site: DemoSite) -> Iterator[Callable[..., Page]]:
    """`visit(width)`: a browser of somebody's own; `reader` is a demo account, signed in."""
    contexts = []

    def open_page(width: int, reader: str = "", *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale="fr-FR",
            viewport={"width": width, "height": 640 if width == 320 else 900},
            has_touch=width == 320,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        if reader:
            page.goto("/connexion/")
            page.get_by_label("Adresse").fill(address_of(reader))
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Se connecter").click()
            page.wait_for_url("**/")
        return page

    yield open_page
    for context in contexts:
        context.close()


class Hand:
    """Somebody's finger: counts what it does and the screens that come of it."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.screens = page, 0, 0
        page.on("load", self._loaded)

    def _loaded(self, _: Any) -> None:
        self.screens += 1

    def tap(self, place: Any) -> None:
        self.taps += 1
        place.click()

    def write(self, place: Any, text: str) -> None:
        self.taps += 1
        place.fill(text)

    def choose(self, place: Any, value: str) -> None:
        self.taps += 2  # it opens, then it is chosen
        place.select_option(value)

    def answer(self, question: Question, answer: Any) -> None:
        page, name = self.page, f"q-{question.id}"
        if question.sort is Sort.GAP:
            self.write(page.locator(f"[name='{name}']"), answer)
        elif question.sort is Sort.ORDERING:
            for place, step in enumerate(answer, start=1):
                self.choose(page.locator(f"[name='{name}-{step}']"), str(place))
        else:
            for choice in answer if isinstance(answer, list) else [answer]:
                self.tap(page.locator(f"[name='{name}'][value='{choice}']"))

    def answer_all(self, module: TrainingModule, how: Callable[[Question], Any] = right_one) -> None:
        for question in module.questions:
            self.answer(question, how(question))
        self.tap(self.page.get_by_role("button", name="Vérifier mes réponses"))


def training() -> Training:
    return Training.objects.get(slug=SHORT)


def fits(page: Page) -> None:
    """Nothing hangs out of the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@widths
@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_search_to_the_attestation_without_an_account(
    visit: Callable[..., Page], width: int, scripts: bool
) -> None:
    page = visit(width, scripts=scripts)
    hand, course = Hand(page), training()
    modules = list(course.modules.all())
    page.goto("/recherche/")
    hand.write(page.get_by_role("main").locator("[name=q]"), "stage de 3e accueillir")
    hand.tap(page.get_by_role("main").get_by_role("button", name="Rechercher"))
    hand.tap(page.get_by_role("link", name=re.compile(re.escape(course.title[:25]))).first)
    hand.tap(page.get_by_role("link", name="Commencer"))
    for number, module in enumerate(modules, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(module.title[:15])))
        fits(page)
        hand.answer_all(module)
        expect(page.get_by_text("Module validé.")).to_be_visible()
        fits(page)
        if number < len(modules):
            hand.tap(page.get_by_role("link", name=re.compile(f"^Module {number + 1} :")).first)
    hand.write(page.get_by_label("Votre prénom et votre nom"), "Camille Tutrice")
    with page.expect_download() as download:
        hand.tap(page.get_by_role("button", name="Télécharger l’attestation"))
    document = pypdfium2.PdfDocument(io.BytesIO(download.value.path().read_bytes()))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "Camille Tutrice" in text
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert code
    # The search, the training, then two screens a module: nothing stands between.
    assert hand.screens <= 3 + 2 * len(modules)
    # Who is shown it asks whether it is true.
    other = visit(width)
    other.goto("/attestations/")
    other.get_by_label("Code").fill(code[0])
    other.get_by_label("Prénom et nom").fill("camille tutrice")
    other.get_by_role("button", name="Vérifier").click()
    expect(other.get_by_role("status")).to_contain_text("Attestation valable")
    fits(other)


@widths
def test_a_signed_in_tutor_over_two_visits(visit: Callable[..., Page], width: int) -> None:
    course = training()
    first, second = course.modules.all()[:2]
    reader = "tuteur" if width == 320 else "enseignant"
    page = visit(width, reader)
    hand = Hand(page)
    page.goto(course.url)
    hand.tap(page.get_by_role("link", name="Commencer"))
    # Wrong first: what is wrong is said, what was answered is still there, and it is tried again.
    hand.answer_all(first, wrong_one)
    expect(page.get_by_text("Pas encore.")).to_be_visible()
    expect(page.locator(".said").first).to_be_visible()
    fits(page)
    for question in first.questions:
        if question.sort is Sort.MULTIPLE:
            for box in reversed(page.locator(f"[name='q-{question.id}']:checked").all()):
                box.uncheck()
    hand.answer_all(first)
    expect(page.get_by_text("Module validé.")).to_be_visible()

    again = visit(width, reader)
    again.goto("/formations/")
    expect(again.get_by_text("1 module validé").first).to_be_visible()
    again.goto("/mes-formations/")
    expect(again.get_by_text("1 module validé sur")).to_be_visible()
    fits(again)
    again.get_by_role("link", name=course.title).click()
    again.get_by_role("link", name="Reprendre : module 2").click()
    expect(again.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(second.title[:15])))


@widths
def test_a_pole_invites(visit: Callable[..., Page], width: int) -> None:
    course = training()
    host = visit(width, "animateur")
    host.goto("/invitations/")
    host.get_by_label("Formation").select_option(label=course.title)
    host.get_by_label("Pour qui").fill(f"tuteurs, {width}")
    host.get_by_role("button", name="Créer le lien").click()
    link = host.get_by_label("Le lien à envoyer").input_value()
    fits(host)

    tutor = visit(width)
    tutor.goto(link)
    fits(tutor)
    tutor.get_by_label("Votre prénom et votre nom").fill("Camille Tutrice")
    tutor.get_by_role("button", name="J’accepte, et je commence").click()
    tutor.get_by_role("link", name="Commencer").click()
    Hand(tutor).answer_all(course.modules.all()[0])
    expect(tutor.get_by_text("Module validé.")).to_be_visible()

    host.reload()
    expect(host.get_by_role("row", name=re.compile("Camille Tutrice"))).to_contain_text("1 sur")
    fits(host)
    tutor.goto("/mes-formations/")
    tutor.get_by_role("button", name="Ne plus le montrer").click()
    host.reload()
    expect(host.get_by_text("Personne n’a encore accepté.")).to_be_visible()


@widths
def test_by_keyboard_alone(visit: Callable[..., Page], width: int) -> None:
    """Every answer is given with the keys that its field knows."""
    page, module = visit(width), training().modules.all()[0]
    page.goto(f"/formations/{SHORT}/modules/{module.key}/")
    for question in module.questions:
        name, answer = f"q-{question.id}", right_one(question)
        if question.sort is Sort.GAP:
            page.locator(f"[name='{name}']").focus()
            page.keyboard.type(answer)
        elif question.sort is Sort.ORDERING:
            for place, step in enumerate(answer, start=1):
                page.locator(f"[name='{name}-{step}']").focus()
                page.keyboard.type(str(place))
        else:
            for choice in answer if isinstance(answer, list) else [answer]:
                page.locator(f"[name='{name}'][value='{choice}']").focus()
                page.keyboard.press("Space")
    page.get_by_role("button", name="Vérifier mes réponses").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Module validé.")).to_be_visible()


def test_a_new_version_while_somebody_is_under_way(visit: Callable[..., Page]) -> None:
    """The author changes a title in the admin, the coordination approves; the tutors' open pages still count."""
    course = Training.objects.get(slug="donner-une-consigne-a-un-debutant")
    module = course.modules.all()[0]
    hands = [Hand(visit(width)) for width in (320, 1280)]
    for hand in hands:
        hand.page.goto(f"/formations/{course.slug}/modules/{module.key}/")

    title = "Un titre tout neuf"
    author = visit(1280, "coordination")
    author.goto(f"/admin/pages/{course.pk}/edit/")
    author.locator("[name='modules-0-title']").fill(title)
    author.get_by_role("button", name="Plus d'actions").last.click()
    author.get_by_role("button", name=re.compile("Soumettre")).click()
    author.wait_for_load_state("networkidle")
    approver = visit(1280, "coordination-b")
    approver.goto(f"/admin/pages/{course.pk}/edit/")
    approver.get_by_role("button", name="Plus d'actions").last.click()
    approver.get_by_role("button", name="Approuver et publier").click()
    approver.wait_for_load_state("networkidle")
    fresh = Training.objects.get(pk=course.pk).modules.all()[0]
    assert (fresh.title, fresh.key) == (title, module.key)

    for hand in hands:
        hand.answer_all(module)
        expect(hand.page.get_by_text("Module validé.")).to_be_visible()
        expect(hand.page.get_by_role("heading", level=1)).to_have_text(title)
        fits(hand.page)
        hand.page.goto(course.url)
        expect(hand.page.get_by_role("link", name="Reprendre : module 2")).to_be_visible()
