"""As the animateur of another pôle, or as a teacher: no address of the admin tells a secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from .secrets import KNOWN_TAG, SECRET, heard, make_secrets


@pytest.mark.parametrize("reader", ["other_facilitator", "teacher"])
def test_no_address_tells(reader: str, people: Any, reviewer: Any, client_of: Any) -> None:
    secrets = make_secrets(people, reviewer, pole_only=reader == "other_facilitator")
    assert heard(client_of(getattr(people, reader)), secrets) == []


#: Where the coordination, who may read all of it, is told a secret.
TELLING = {
    "wagtailadmin_home",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_pages:search",
    "wagtailadmin_pages:search_results",
    "wagtailadmin_pages:type_use",
    "wagtailadmin_pages:edit",
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:history",
    "wagtailadmin_pages:usage",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:revisions_view",
    "wagtailadmin_pages:revisions_revert",
    "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_pages:workflow_preview",
    "wagtailadmin_pages:workflow_history",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:workflow",
    "tag:index",
}


def test_the_walk_would_hear_it(people: Any, reviewer: Any, client_of: Any) -> None:
    """The coordination may read all of it: the same walk, about one item, hears it where there is something to say."""
    secrets = make_secrets(people, reviewer, pole_only=True)
    secrets.items = {"waiting": secrets.items["waiting"]}
    found = heard(client_of(people.coordination), secrets, only=TELLING)
    assert {line.partition(" ")[0] for line in found} == TELLING
    edit = reverse("wagtailadmin_pages:edit", args=[secrets.items["waiting"].pk])
    page = client_of(people.coordination).get(edit).content.decode()
    for word in (f"{SECRET} waiting", f"{KNOWN_TAG} {SECRET} waiting", f"{SECRET}-waiting.pdf"):
        assert word in page
