"""The coordination opens what waits, written elsewhere than in the editor, and publishes it with the button there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.loading.accounts import person
from resources.models import PracticeSheet
from tests.demonstration import put_demo, shared_folder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_demo_sheet_that_waits_is_approved_in_the_editor(
    visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory
) -> None:
    put_demo(shared_folder(tmp_path_factory))
    sheet = PracticeSheet.objects.get(slug="entretiens-blancs-pour-raccrocheurs")
    waiting = sheet.latest_revision_id
    page = visit(person("coordination"))
    page.goto(f"/admin/pages/{sheet.pk}/edit/")
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name="Approuver et publier").click()
    page.wait_for_load_state("networkidle")
    fresh = PracticeSheet.objects.get(pk=sheet.pk)
    assert fresh.live
    assert fresh.live_revision_id == waiting

    # Its author adds a line break, as Shift+Enter does; the sheet opens again, and shows it.
    author = visit(person("animateur-b"))
    author.goto(f"/admin/pages/{sheet.pk}/edit/")
    editor = author.locator("[data-contentpath='aim'] .public-DraftEditor-content")
    editor.click()
    author.keyboard.press("Control+End")
    author.keyboard.press("Shift+Enter")
    author.keyboard.type("Une ligne de plus.")
    # The editor hands its text to the form a moment after the last key.
    expect(author.locator("input[name='aim']")).to_have_value(re.compile("Une ligne de plus"))
    author.get_by_role("button", name="Enregistrer le brouillon").click()
    author.wait_for_load_state("networkidle")
    author.goto(f"/admin/pages/{sheet.pk}/edit/")
    expect(author.locator("[data-contentpath='aim'] .public-DraftEditor-content")).to_contain_text(
        "Une ligne de plus."
    )
    assert (
        "<br/>Une ligne de plus."
        in PracticeSheet.objects.get(pk=sheet.pk).get_latest_revision_as_object().aim
    )
