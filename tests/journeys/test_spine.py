"""From proposal to answer, and back: the one story that every room has a part in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from kb.loading.odt import to_odt
from kb.vocabulary.models import Term
from resources.models import Attachment, PracticeSheet
from tests.items import make_item
from tests.people import make_people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

TITLE = "Le carnet des échéances"
FOUND = "echeances"  # as it is typed in a hurry
ADDRESS = "/poles/premier/le-carnet-des-echeances/"


def background() -> None:
    """What the worker beside the server does: mails, drain."""
    call_command("search_drain")


def write(page: Page, field: str, text: str) -> None:
    editor = page.locator(f"[data-contentpath='{field}'] .public-DraftEditor-content")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name=re.compile("Soumettre")).click()
    page.wait_for_load_state("networkidle")


def approve(page: Page, sheet: PracticeSheet) -> None:
    page.goto(f"/admin/pages/{sheet.pk}/edit/")
    page.get_by_role("button", name="Plus d'actions").last.click()
    page.get_by_role("button", name="Approuver et publier").click()
    page.wait_for_load_state("networkidle")
    background()


def places(page: Page, file: str) -> dict[str, bool]:
    """Where this reader meets the sheet."""
    seen = {
        "page": page.request.get(ADDRESS).ok,
        "file": page.request.get(file).ok,
        "search": ADDRESS in page.request.get(f"/recherche/?q={FOUND}").text(),
        "suggestions": TITLE in str(page.request.get("/recherche/suggestions/?q=eche").json()),
        "api": ADDRESS in page.request.get(f"/api/v1/search?q={FOUND}").text(),
        "feed": ADDRESS in page.request.get("/flux/").text(),
        "sitemap": ADDRESS in page.request.get("/sitemap.xml").text(),
    }
    return {name: bool(value) for name, value in seen.items()}


def test_a_sheet_from_proposal_to_answer_and_back(
    visit: Callable[..., Page], live_server: Any, tmp_path: Path
) -> None:
    people = make_people()
    Term.objects.create(facet="phase", slug="avant", label="Avant")
    other = make_item("teaching", "Tenir ses échéances, une autre fiche")
    call_command("search_rebuild")
    upload = tmp_path / "Fiche élève.odt"
    upload.write_bytes(to_odt("# Fiche\n\nUne ligne par échéance."))

    # The animateur proposes a sheet with a file.
    facilitator = visit(people.facilitator)
    facilitator.goto(f"/admin/pages/add/resources/practicesheet/{people.pole.pk}/")
    facilitator.get_by_role("textbox", name="Titre").fill(TITLE)
    facilitator.get_by_role("textbox", name="Résumé").fill("Un carnet partagé pour ne plus manquer une date.")
    write(facilitator, "context", "Les dates se perdent entre trois agendas.")
    write(facilitator, "steps", "Noter chaque échéance le lundi, la relire le vendredi.")
    facilitator.locator("#id_attachments-ADD").click()
    facilitator.locator("[name='attachments-0-upload']").set_input_files(upload)
    facilitator.locator("[name='attachments-0-role']").select_option(label="Fiche élève")
    facilitator.locator("#panel-child-contenu-terms-section [data-panel-toggle]").click()
    facilitator.get_by_role("checkbox", name="Avant").check()
    submit(facilitator)
    sheet = PracticeSheet.objects.get()
    assert sheet.title == TITLE
    assert sheet.workflow_in_progress
    background()
    file = f"/fichiers/{Attachment.objects.get().pk}/"

    # Nobody outside finds, opens or downloads it; its author may read her draft.
    teacher, stranger = visit(people.teacher, scripts=False), visit(scripts=False)
    for reader in (teacher, stranger):
        assert not any(places(reader, file).values())
        assert not reader.request.get(f"/brouillons/{sheet.pk}/").ok
    assert facilitator.request.get(f"/brouillons/{sheet.pk}/").ok
    assert facilitator.request.get(file).ok

    # She cannot approve it, whether by a button or by a request that no button sends.
    facilitator.goto(f"/admin/pages/{sheet.pk}/edit/")
    expect(facilitator.get_by_role("button", name="Approuver et publier")).to_have_count(0)
    token = next(c["value"] for c in facilitator.context.cookies() if c["name"] == "csrftoken")
    task_state = sheet.current_workflow_task_state
    facilitator.request.post(
        f"/admin/pages/workflow/action/{sheet.pk}/approve/{task_state.pk}/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": live_server.url},
    )
    assert not PracticeSheet.objects.get().live

    # The coordination approves; a teacher finds it by a word typed without its accent, filters, opens, downloads.
    coordination = visit(people.coordination)
    approve(coordination, sheet)
    assert PracticeSheet.objects.get().live
    teacher.goto("/")
    teacher.get_by_role("main").get_by_role("searchbox").fill(FOUND)
    teacher.get_by_role("main").get_by_role("button", name="Rechercher").click()
    teacher.wait_for_url("**/recherche/**")
    expect(teacher.get_by_role("link", name=TITLE)).to_be_visible()
    expect(teacher.get_by_role("link", name=other.title)).to_be_visible()
    teacher.get_by_role("group", name="Phase").get_by_role("checkbox", name="Avant").check()
    teacher.get_by_role("group", name="Pôle").locator("summary").click()
    teacher.get_by_role("group", name="Pôle").get_by_role("checkbox", name="Pôle premier").check()
    teacher.get_by_role("button", name="Appliquer les filtres").click()
    teacher.wait_for_url("**phase=avant**")
    expect(teacher.get_by_role("link", name=other.title)).to_have_count(0)
    expect(teacher.locator("mark").first).to_contain_text("échéances")
    teacher.get_by_role("link", name=TITLE).click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text(TITLE)
    with teacher.expect_download() as download:
        teacher.get_by_role("link", name=re.compile("Fiche élève")).click()
    assert download.value.suggested_filename == "Fiche élève.odt"
    assert Path(download.value.path()).read_bytes() == upload.read_bytes()
    assert all(places(stranger, file).values())

    # Edited: the old version stays until the new one is approved.
    facilitator.goto(f"/admin/pages/{sheet.pk}/edit/")
    facilitator.get_by_role("textbox", name="Résumé").fill("Deux lignes de plus, toujours à jour.")
    submit(facilitator)
    background()
    teacher.goto(ADDRESS)
    expect(teacher.get_by_text("Un carnet partagé pour ne plus manquer une date.")).to_be_visible()
    approve(coordination, sheet)
    teacher.goto(ADDRESS)
    expect(teacher.get_by_text("Deux lignes de plus, toujours à jour.")).to_be_visible()

    # Retired: gone from everywhere.
    coordination.goto(f"/admin/fiches/{sheet.pk}/retirer/")
    coordination.get_by_role("textbox", name=re.compile("otif|aison")).fill("Une adresse a changé.")
    coordination.get_by_role("main").get_by_role("button", name=re.compile("Retirer")).click()
    coordination.wait_for_load_state("networkidle")
    background()
    for reader in (teacher, stranger):
        assert not any(places(reader, file).values())
