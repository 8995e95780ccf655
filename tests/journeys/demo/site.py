"""The demonstration site as a browser meets it: loaded once for a file of tests, served by threads, drawn if asked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from kb.core.readers import State
from kb.loading.accounts import person, renew_passwords
from kb.poles.models import Pole
from resources.models import Item
from search.engines import get_engine
from search.index.rebuilding import rebuild
from search.models import SavedSearch
from tests.items import make_item

PASSWORD = "un long mot de passe"
LONG = "Anticonstitutionnellement" * 3


@dataclass(frozen=True)
class DemoSite:
    """`url` without a slash at its end; `addresses`: what the demo's files do not hold."""

    url: str
    addresses: dict[str, str]


@contextmanager
def demo_site(blocker: Any, folder: Path) -> Iterator[DemoSite]:
    """Serves it; afterwards the database is as the migrations left it, for the tests that follow."""
    folders = {
        "MEDIA_ROOT": folder / "media",
        "SEARCH_INDEX_DIR": folder / "index",
        "LOCK_DIR": folder / "locks",
    }
    with (
        blocker.unblock(),
        override_settings(SITE_IS_DEMONSTRATION=True, SITE_CONTACT="coordination@demo.example", **folders),
    ):
        server = None
        try:
            as_migrated()
            call_command("load_reference")
            call_command("load_demo")
            renew_passwords(PASSWORD)
            addresses = _what_the_demo_lacks()
            rebuild(get_engine())
            server = LiveServer("localhost")
            yield DemoSite(server.url, addresses)
        finally:
            if server is not None:
                server.stop()
            as_migrated()


def as_migrated() -> None:
    """Brings back what the migrations made, whatever the tests before left.

    The content types come first: a signal that asks for one while the others come back would make it anew, under
    another number.
    """
    contents = connection._test_serialized_contents  # type: ignore[attr-defined]
    types = [row for row in json.loads(contents) if row["model"] == "contenttypes.contenttype"]
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
    ContentType.objects.clear_cache()
    ContentType.objects.bulk_create([ContentType(pk=row["pk"], **row["fields"]) for row in types])
    connection.creation.deserialize_db_from_string(contents)


def _what_the_demo_lacks() -> dict[str, str]:
    long = make_item(
        "practice",
        f"{LONG} et autres mots longs",
        owner=person("animateur"),
        pole=Pole.objects.get(slug="demo-1"),
        summary=f"{LONG} : un résumé de mots qui ne se coupent pas, {LONG}.",
        tags=(LONG,),
        slug="mots-longs",
    )
    # Not the newest: it would lead every list.
    old = timezone.now() - datetime.timedelta(days=900)
    Item.objects.filter(pk=long.pk).update(first_published_at=old, last_published_at=old)
    draft = Item.objects.get(slug="la-tournee-des-ateliers")
    review = Item.objects.get(slug="entretiens-blancs-pour-raccrocheurs")
    assert (draft.state, review.state) == (State.DRAFT, State.IN_REVIEW)
    overdue = Item.objects.live().filter(review_by__lt="2026-11-24").first()
    assert overdue is not None
    SavedSearch.objects.create(
        user=person("enseignant"), address="q=rapport+de+stage&kind=teaching&public=3e&departement=21"
    )
    return {
        "long": long.url,
        "draft": f"/brouillons/{draft.pk}/",
        "review": f"/brouillons/{review.pk}/",
        "overdue": overdue.url,
    }
