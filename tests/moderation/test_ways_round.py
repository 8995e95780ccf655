"""Nothing public that was not approved: every way round the review, tried by every reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from wagtail.models import PageLogEntry, Site

from kb.accounts.models import Role
from kb.moderation.signal_handlers import UNREVIEWED

from ..people import make_user
from .attempts import ATTEMPTS, make_world, public


@contextmanager
def undone() -> Iterator[None]:
    """What was tried leaves no trace for the next attempt."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        Site.clear_site_root_paths_cache()


#: Who holds a right on a sheet of the pôle, or on all; and who does not.
CLOSEST = ("facilitator", "coordination")
OTHERS = ("anonymous", "teacher", "tutor", "deputy", "other_facilitator", "author")


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        pytest.param("practice", CLOSEST, marks=pytest.mark.database),
        ("practice", OTHERS),
        ("teaching", CLOSEST + OTHERS),
        ("training", CLOSEST + OTHERS),
    ],
)
def test_no_attempt_changes_what_is_public(
    kind: str, readers: tuple[str, ...], people: Any, reviewer: Any, client_of: Any
) -> None:
    world = make_world(people, reviewer, kind)
    deputy = make_user("suppléante", (Role.DEPUTY, people.pole))
    before, reached = public(), []
    for reader in readers:
        user = deputy if reader == "deputy" else getattr(people, reader)
        client = client_of(None if isinstance(user, AnonymousUser) else user)
        for name, (attempt, _) in ATTEMPTS.items():
            with undone():
                attempt(client, world)
                if public() != before:
                    reached.append((reader, name))
    assert reached == []


@pytest.mark.database
@pytest.mark.parametrize("kind", ["practice", "teaching", "training"])
def test_who_may_approve_reaches_the_public_by_the_reviews_own_address(
    kind: str, people: Any, reviewer: Any, client_of: Any
) -> None:
    """The only way in, and the same request: it proves the refused ones well made."""
    world = make_world(people, reviewer, kind)
    before = public()
    ATTEMPTS["approve by its address"][0](client_of(reviewer), world)
    after = public()
    assert set(after) - set(before) == {world.waiting.pk}
    assert after[world.waiting.pk][2] == world.fresh("waiting").latest_revision_id
    assert {pk: after[pk] for pk in before} == before


@pytest.mark.database
def test_an_administrator_reaches_the_public_and_the_history_says_so(
    people: Any, reviewer: Any, client_of: Any
) -> None:
    """The same attempts: those that publish, publish; each leaves its line. This also proves them well made."""
    world = make_world(people, reviewer)
    before, wrong = public(), []
    for name, (attempt, reaches) in ATTEMPTS.items():
        with undone():
            known = set(PageLogEntry.objects.filter(action=UNREVIEWED).values_list("pk", flat=True))
            attempt(client_of(people.administrator), world)
            after = public()
            if (after != before) is not reaches:
                wrong.append((name, after))
            new = {
                pk
                for pk, page in after.items()
                if page[2] is not None and page[2] != before.get(pk, (0, 0, 0))[2]
            }
            told = set(
                PageLogEntry.objects.filter(action=UNREVIEWED, user=people.administrator)
                .exclude(pk__in=known)
                .values_list("page_id", flat=True)
            )
            if new != told:
                wrong.append((name, "history", new, told))
    assert wrong == []
