"""`CleanRichTextField`: cleaned whichever way it comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from kb.core.fields import CleanRichTextField
from kb.core.readers import State
from kb.poles.models import Pole
from resources.models import TeachingIndex, TeachingResource, TrainingModule
from resources.training.content import html_of
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DIRTY = '<p onclick="x">Voir <a href="javascript:alert(1)">ceci</a>.</p><script>alert(1)</script>'
CLEAN = "<p>Voir ceci.</p>"


def stored(item: Any) -> TeachingResource:
    return TeachingResource.objects.get(pk=item.pk)


def test_by_code_when_it_is_created() -> None:
    assert stored(make_item("teaching", "Fiche", objective=DIRTY)).objective == CLEAN


def test_by_code_when_it_is_saved() -> None:
    item = make_item("teaching", "Fiche")
    item.objective = DIRTY
    item.save()
    assert item.objective == CLEAN
    assert stored(item).objective == CLEAN


def test_in_a_draft_its_revision_and_its_publication() -> None:
    item = make_item("teaching", "Fiche")
    item.steps = DIRTY
    revision = item.save_revision(clean=False)
    assert revision.content["steps"] == CLEAN
    assert stored(item).steps == "<p>Étapes.</p>"
    revision.publish(skip_permission_checks=True)
    assert stored(item).steps == CLEAN


def test_a_revision_written_by_hand_is_cleaned_by_its_publication() -> None:
    item = make_item("teaching", "Fiche", state=State.DRAFT)
    revision = item.latest_revision
    revision.content["steps"] = DIRTY
    revision.save()
    revision.refresh_from_db()
    revision.publish(skip_permission_checks=True)
    assert stored(item).steps == CLEAN


def test_in_what_hangs_on_a_page() -> None:
    training = make_item("training", "Formation")
    training.modules.add(module_of(DIRTY))
    revision = training.save_revision()
    kept = json.loads(revision.content["modules"][1]["content"])
    assert [block["value"] for block in kept] == [CLEAN, {"situation": CLEAN, "answer": CLEAN}]
    revision.publish(skip_permission_checks=True)
    assert html_of(TrainingModule.objects.get(title="T").content).count(CLEAN) == 3
    assert "script" not in html_of(TrainingModule.objects.get(title="T").content)


def module_of(text: str, **fields: Any) -> TrainingModule:
    """With `text` as it comes, in a block and within one."""
    case = {"situation": text, "answer": text}
    content = [{"type": "text", "value": text}, {"type": "case", "value": case}]
    return TrainingModule(title="T", duration_minutes=1, content=content, **fields)


def test_in_a_bulk_insert() -> None:
    training = make_item("training", "Formation")
    TrainingModule.objects.bulk_create([module_of(DIRTY, training=training)])
    raw = TrainingModule.objects.get(title="T").content.raw_data
    assert [block["value"] for block in raw] == [CLEAN, {"situation": CLEAN, "answer": CLEAN}]


def test_when_it_is_validated() -> None:
    field = TeachingResource._meta.get_field("steps")
    assert field.clean(DIRTY, None) == CLEAN
    with pytest.raises(ValidationError):
        field.clean("", None)


def test_in_its_own_form_field() -> None:
    page = Pole(title="x")
    Pole._meta.get_field("introduction").save_form_data(page, DIRTY)
    assert page.introduction == CLEAN


def test_by_whom_searches_the_admin() -> None:
    assert TeachingResource._meta.get_field("steps").get_searchable_content(DIRTY) == ["Voir ceci."]


def test_the_editor_offers_what_is_kept() -> None:
    fields = [f for f in TeachingResource._meta.get_fields() if isinstance(f, CleanRichTextField)]
    assert len(fields) == 5
    assert all("image" not in f.features and "h2" not in f.features for f in fields)


# Through the admin ----------------------------------------------------------------------------------------------


def content_state(text: str, *, url: str | None = None) -> str:
    """What Wagtail's editor posts; with `url`, all of the text is a link."""
    entity = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url}}} if url else {}
    ranges = [{"offset": 0, "length": len(text), "key": 0}] if url else []
    block = {
        "key": "a",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": ranges,
    }
    return json.dumps({"blocks": [block], "entityMap": entity})


@pytest.fixture
def add(people: People, client_of: Callable[..., Client]) -> Callable[[str], TeachingResource | Any]:
    """Adds a resource by the admin's form; gives it back, or the answer if none was made."""
    client = client_of(people.author)
    address = reverse(
        "wagtailadmin_pages:add", args=["resources", "teachingresource", TeachingIndex.objects.get().pk]
    )

    def post(steps: str) -> Any:
        texts = {
            "title": "Fiche",
            "slug": "fiche",
            "summary": "S.",
            "objective": content_state("But"),
            "steps": steps,
        }
        answer = client.post(address, {**fields_of(client, address), **texts})
        return TeachingResource.objects.filter(slug="fiche").first() or answer

    return post


def test_text_that_looks_like_html_stays_text(add: Callable[[str], Any]) -> None:
    item = add(content_state("<script>alert(1)</script> & <b>non</b>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;non&lt;/b&gt;" in item.steps
    assert "<script" not in item.steps


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//a.example", "/\\a.example"]
)
def test_a_forged_link_loses_its_address(url: str, add: Callable[[str], Any]) -> None:
    item = add(content_state("ceci", url=url))
    assert "ceci" in item.steps
    assert "href" not in item.steps


def test_half_a_character_becomes_a_question_mark(add: Callable[[str], Any]) -> None:
    assert "moitié ? et fin" in add(content_state("moitié \ud83d et fin")).steps


def test_a_nul_is_an_error_of_the_form(add: Callable[[str], Any]) -> None:
    assert add(content_state("a\x00b")).status_code == 200


def test_ten_thousand_characters_emoji_and_right_to_left_are_kept(add: Callable[[str], Any]) -> None:
    text = "é" * 10_000 + " 🎓 \u05e9\u05dc\u05d5\u05dd"
    assert text in add(content_state(text)).steps
