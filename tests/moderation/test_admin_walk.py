"""As the animateur of another pôle, or as a teacher: no address of the admin tells a secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve, reverse

from .secrets import KNOWN_TAG, SECRET, heard, make_secrets


@pytest.mark.parametrize("reader", ["other_facilitator", "teacher"])
def test_no_address_tells(reader: str, people: Any, reviewer: Any, client_of: Any) -> None:
    secrets = make_secrets(people, reviewer, pole_only=reader == "other_facilitator")
    assert heard(client_of(getattr(people, reader)), secrets) == []


def test_the_walk_would_hear_it(people: Any, reviewer: Any, client_of: Any) -> None:
    """The coordination may read all of it: the same walk, about one item, hears it where there is something to say."""
    secrets = make_secrets(people, reviewer, pole_only=True)
    secrets.items = {"waiting": secrets.items["waiting"]}
    found = heard(client_of(people.coordination), secrets)
    told = {resolve(address.partition("?")[0]).view_name.rpartition(":")[2] for address in found}
    assert told >= {
        "wagtailadmin_home",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "listing",
        "wagtailadmin_choose_page_search",
        "search",
        "search_results",
        "type_use",
        "edit",
        "view_draft",
        "history",
        "usage",
        "copy",
        "revisions_view",
        "revisions_revert",
        "revisions_compare",
        "workflow_preview",
        "workflow_history",
        "site_history",
        "workflow",
        "index",  # the tags
    }
    edit = reverse("wagtailadmin_pages:edit", args=[secrets.items["waiting"].pk])
    page = client_of(people.coordination).get(edit).content.decode()
    for word in (f"{SECRET} waiting", f"{KNOWN_TAG} {SECRET} waiting", f"{SECRET}-waiting.pdf"):
        assert word in page
