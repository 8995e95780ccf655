"""Suggestions under the search field, by keyboard, as a screen reader is told of them, and by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

from .site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(serialized_rollback=True)]


@pytest.fixture
def page(browser: Browser, site: DemoSite) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, locale="fr-FR", viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    field, options = page.get_by_role("combobox"), page.get_by_role("option")
    told = page.locator(".combo [role=status]")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("con")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(told).to_have_text(re.compile(r"suggestion"))
    # The arrows go through the list and back to the field, whose text and focus stay.
    field.press("ArrowUp")
    last = options.last
    expect(last).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == last.get_attribute("id")
    field.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    field.press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    # Escape closes, then clears.
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("con")
    field.press("Escape")
    expect(field).to_have_value("")
    # A name that has a page leads there.
    field.press_sequentially("velo de la pre")
    expect(options).to_have_count(1)
    expect(options.first).to_have_accessible_name(
        re.compile("^Le vélo de la première semaine.*, Fiche de pratique$")
    )
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator(".sheet h1")).to_contain_text("vélo de la première semaine")


def test_tab_and_enter_leave_what_was_typed(page: Page) -> None:
    page.goto("/recherche/?kind=practice")
    field, options = page.get_by_role("combobox"), page.get_by_role("option")
    field.press_sequentially("consigne")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Tab")
    expect(options).to_have_count(0)
    expect(page.get_by_role("button", name="Rechercher")).to_be_focused()
    expect(field).to_have_value("consigne")
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/recherche/?q=consigne&kind=practice")
    expect(options).to_have_count(0)
    # The answers came in place; their number is said from a part of the page that stayed.
    expect(page.locator("#annonce")).to_have_text(re.compile(r"^\d+ réponses? pour «\sconsigne\s»$"))
    expect(field).to_be_focused()


def test_a_late_answer_is_dropped_and_markup_is_text(page: Page) -> None:
    page.goto("/recherche/")
    waiting: list[Route] = []
    one = '{"suggestions": [{"text": "%s", "note": "", "address": "", "segments": [["%s", true]]}]}'

    def hold_the_first(route: Route) -> None:
        if waiting:
            route.fulfill(body=one % (("<img src=x onerror=alert(1)>",) * 2), content_type="application/json")
        waiting.append(route)

    page.route("**/suggestions/**", hold_the_first)
    field, options = page.get_by_role("combobox"), page.get_by_role("option")
    with page.expect_request("**/suggestions/**"):
        field.press_sequentially("ab")
    field.press_sequentially("c")
    expect(options).to_have_text(re.compile("^<img src=x onerror=alert"))
    with suppress(Error):  # the browser may have given it up
        waiting[0].fulfill(body=one % ("tard", "tard"), content_type="application/json")
    expect(options).to_have_text(re.compile("^<img src=x onerror=alert"))
    # By hand: what has no page is searched for.
    options.first.click()
    page.wait_for_url("**/recherche/?q=%3Cimg**")
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
