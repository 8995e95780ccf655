"""Each page in each state: nothing for axe-core to say, no sideways scroll, targets for a finger, a picture if asked.

Then the same site by keyboard alone, and in a browser without JavaScript.

`--pictures DIR` (make screenshots) draws each of them at 320 and 1280 pixels, light and dark.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, Response, Route, expect

from kb.learning.cookie import NAME as PROGRESS

from .site import PASSWORD, DemoSite
from .states import SHEET, STATES, State, error_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(serialized_rollback=True)]

WIDTHS = {320: 640, 1280: 900}
SCHEMES = ("light", "dark")
#: What axe-core is asked: everything, of a small light page and of a large dark one. A width moves things and a scheme
#: changes colours, neither does the other's; `make screenshots` asks it of all four.
TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
ASKED = ((320, "light"), (1280, "dark"))

SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
#: What can be pressed and is smaller than a finger: links in a sentence excepted, as WCAG 2.5.5 excepts them. A point
#: 21 pixels from its middle, each way, must belong to it or to its label.
SMALL = """() => {
  const shown = (e) => !e.closest(".sr, .skip, svg")
    && e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const inSentence = (e) => getComputedStyle(e).display === "inline" && e.parentElement
    && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 1);
  const hits = (e, x, y) => {
    const at = document.elementFromPoint(x, y);
    const label = e.closest("label");
    return at && (e.contains(at) || at.contains(e) && at === label || (label && label.contains(at)));
  };
  const small = [];
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")) {
    if (!shown(e) || inSentence(e)) continue;
    e.scrollIntoView({block: "center"});
    const box = (e.closest("label") || e).getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const tall = box.height >= 43.5 || (hits(e, x, y - 21) && hits(e, x, y + 21));
    const wide = box.width >= 43.5 || (hits(e, x - 21, y) && hits(e, x + 21, y));
    if (!tall || !wide) small.push(`${e.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  window.scrollTo(0, 0);
  return small;
}"""


Opened = Callable[[State], Page]


@pytest.fixture(scope="module")
def as_reader(browser: Browser, site: DemoSite) -> Iterator[Callable[[str], Page]]:
    """A page of a browser in which this demo account is signed in (empty: nobody); one browser an account."""
    contexts: dict[str, Any] = {}

    def make(reader: str) -> Page:
        if reader not in contexts:
            contexts[reader] = browser.new_context(base_url=site.url, locale="fr-FR", reduced_motion="reduce")
            if reader:
                page = contexts[reader].new_page()
                page.goto("/connexion/")
                page.get_by_label("Adresse").fill(f"{reader}@demo.example")
                page.get_by_label("Mot de passe").fill(PASSWORD)
                page.get_by_role("main").get_by_role("button", name="Se connecter").click()
                page.wait_for_url("**/")
                page.close()
        return contexts[reader].new_page()

    yield make
    for context in contexts.values():
        context.close()


def axe_says(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_state(
    state: State,
    site: DemoSite,
    as_reader: Callable[[str], Page],
    settings: LazySettings,
    tmp_path: Path,
    pictures: Path | None,
) -> None:
    page = as_reader(state.reader)
    page.context.clear_cookies(name=PROGRESS)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )
    if state.without_engine:
        (tmp_path / "file").touch()
        settings.SEARCH_INDEX_DIR = tmp_path / "file"

    def give_error(route: Route) -> None:
        route.fulfill(body=error_page(state.error), content_type="text/html; charset=utf-8")

    found: dict[str, list[str]] = {}
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        if state.error:
            page.route("**/erreur/**", give_error)
        page.goto(state.path.format(**site.addresses))
        state.then(page)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if pictures is not None or (width, scheme) in ASKED:
                found[f"axe {width} {scheme}"] = axe_says(page)
            if pictures is not None:
                page.screenshot(path=pictures / f"{state.name}-{width}-{scheme}.png", full_page=True)
        if (over := page.evaluate(SIDEWAYS)) > 0:
            found[f"sideways {width}"] = [f"{over} pixels"]
        if width == min(WIDTHS):
            found["small targets"] = page.evaluate(SMALL)
        page.unroute_all(behavior="ignoreErrors")
    page.close()
    assert [f"{what}: {line}" for what, lines in found.items() for line in lines] == []
    # Drawing, Playwright puts a style of its own into the page, which the policy refuses aloud.
    assert pictures is not None or said == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))


#: Is the focus seen: an outline on the element, or on the part that holds it (a card, the search box)?
SEEN = """() => {
  for (let e = document.activeElement; e && e !== document.body; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return true;
  }
  return false;
}"""


@pytest.mark.parametrize(
    "path", ["/", "/recherche/?q=stage", SHEET, "/poles/", "/enseigner/", "/aide/", "/connexion/"]
)
def test_every_stop_of_the_keyboard_is_seen_and_none_is_a_trap(
    path: str, as_reader: Callable[[str], Page]
) -> None:
    page = as_reader("")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path)
    reachable = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex=\"0\"]')]"
        ".filter((e) => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true})).length"
    )
    stops: list[str] = []
    for _ in range(reachable + 8):  # a date has three parts
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert page.evaluate(SEEN), focused(page)
        stops.append(focused(page))
    else:
        pytest.fail(f"never came out: {stops[-3:]}")
    assert len(stops) >= reachable
    page.close()


def test_from_question_to_sheet_by_keyboard_alone(as_reader: Callable[[str], Page]) -> None:
    page = as_reader("")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/")

    def until(selector: str, most: int = 60) -> None:
        for _ in range(most):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{selector} is not reached, the focus is on {focused(page)}")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # « Aller au contenu »
    until("input[name=q]", 3)
    page.keyboard.type("consigne")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=consigne")
    until("input[name=kind]")
    value = page.evaluate("document.activeElement.value")
    page.keyboard.press("Space")
    page.wait_for_url(f"**kind={value}**")
    # The answers changed in place; the focus did not leave the box.
    expect(page.locator(".chip.on")).to_be_visible()
    assert page.evaluate("document.activeElement.value") == value
    until(".results h3 a")
    page.keyboard.press("Enter")
    expect(page.locator(".sheet h1")).to_be_visible()
    page.close()


def test_without_javascript_nothing_is_lost(browser: Browser, site: DemoSite) -> None:
    context = browser.new_context(
        base_url=site.url, locale="fr-FR", java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("stage")
    page.get_by_role("button", name="Rechercher").click()
    page.locator(".filters > summary").click()
    page.get_by_role("group", name="Nature").get_by_role("checkbox", name="Formation").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.get_by_role("link", name=re.compile("Retirer le filtre"))).to_be_visible()
    page.get_by_role("link", name="date", exact=True).click()
    assert "sort=date" in page.url
    assert "kind=training" in page.url
    page.get_by_role("searchbox").fill("accueil")
    page.get_by_role("button", name="Rechercher").click()
    assert "sort=date" in page.url
    assert "kind=training" in page.url
    page.locator(".results h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/enseigner/")
    page.get_by_label("Ma classe").select_option("3e")
    page.get_by_label("Date de départ").fill("2027-02-01")
    page.get_by_role("button", name="Voir les semaines").click()
    expect(page.locator(".weeks > li").first).to_be_visible()
    expect(page.get_by_role("button", name="Imprimer ces semaines")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("path", ["/", "/ressources/", "/recherche/?q=stage", SHEET])
def test_a_first_view_is_light(path: str, browser: Browser, site: DemoSite) -> None:
    """Less than 100 kB, with static files compressed as whitenoise serves them and the page itself as it is."""
    context = browser.new_context(base_url=site.url, locale="fr-FR")
    page = context.new_page()
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        body = response.body()
        static = "/static/" in response.url
        weights[response.url] = len(gzip.compress(body, 9)) if static else len(body)

    page.on("response", weigh)
    page.goto(path, wait_until="networkidle")
    assert len(weights) > 8
    assert sum(weights.values()) < 100_000, weights
    context.close()


def test_every_sheet_prints_on_two_pages(as_reader: Callable[[str], Page]) -> None:
    """With its address and its validation card, and without navigation."""
    page = as_reader("")
    site_map = page.request.get("/sitemap.xml").text()
    addresses = re.findall(r"<loc>[^<]*?(/(?:ressources|formations|poles/[^/<]+)/[^/<]+/)</loc>", site_map)
    assert len(addresses) > 55
    printed = {}
    for address in addresses:
        page.goto(address)
        printed[address] = len(
            re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
        )
    assert {address: count for address, count in printed.items() if count > 2} == {}
    page.emulate_media(media="print")
    page.goto(SHEET)
    expect(page.get_by_text(SHEET)).to_be_visible()
    expect(page.get_by_role("heading", name="Relue et validée")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.close()
