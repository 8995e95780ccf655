"""The pôle of a practice sheet in the admin: the one under which it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kb.core.readers import State, Visibility
from resources.models import PracticeSheet
from tests.admin_form import fields_of
from tests.items import make_item
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rich(text: str) -> str:
    block = {
        "key": "a",
        "text": text,
        "type": "unstyled",
        "depth": 0,
        "inlineStyleRanges": [],
        "entityRanges": [],
    }
    return json.dumps({"blocks": [block], "entityMap": {}})


@pytest.mark.parametrize("forged", [False, True])
def test_a_sheet_for_its_pole_needs_no_choice_and_obeys_none(
    forged: bool, people: People, client_of: Callable[..., Client]
) -> None:
    client = client_of(people.facilitator)
    address = reverse("wagtailadmin_pages:add", args=["resources", "practicesheet", people.pole.pk])
    fields: dict[str, Any] = {
        **fields_of(client, address),
        "title": "Fiche",
        "slug": "fiche",
        "summary": "Résumé.",
        "context": rich("Contexte."),
        "steps": rich("Étapes."),
        "visibility": Visibility.POLE,
        "pole": people.other_pole.pk if forged else "",
    }
    assert client.post(address, fields).status_code == 302
    sheet = PracticeSheet.objects.get(slug="fiche")
    assert (sheet.pole, sheet.visibility) == (people.pole, "pole")
    assert sheet.draft_version().pole_id == people.pole.pk


def test_its_pole_is_shown_and_not_changed(people: People, client_of: Callable[..., Client]) -> None:
    client = client_of(people.facilitator)
    sheet = make_item("practice", "Fiche", pole=people.pole, owner=people.facilitator, state=State.DRAFT)
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    assert fields_of(client, address)["pole"] == [str(people.pole.pk)]
    client.post(address, {**fields_of(client, address), "pole": people.other_pole.pk, "summary": "Autre."})
    sheet = PracticeSheet.objects.get(pk=sheet.pk)
    draft = sheet.get_latest_revision_as_object()
    assert (draft.pole, draft.summary) == (people.pole, "Autre.")
    assert sheet.latest_revision.content["pole"] == people.pole.pk
