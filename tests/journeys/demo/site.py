"""The demonstration site as a browser meets it: one for a file of tests, served by threads, drawn if asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from kb.core.readers import State
from kb.learning import cookie
from kb.learning.models import Acceptance, Attestation, Invitation, ModuleCount, QuestionCount
from kb.learning.models.attestation import name_hash, new_code
from kb.learning.progress import Progress, Steps
from kb.loading.accounts import person, renew_passwords
from kb.poles.models import Pole
from resources.models import Item, Training
from search.engines import get_engine
from search.index.rebuilding import rebuild
from search.models import SavedSearch
from tests.demonstration import as_migrated, put_demo
from tests.items import make_item, submit
from tests.training import every_sort, module

PASSWORD = "un long mot de passe"
LONG = "Anticonstitutionnellement" * 3


@dataclass(frozen=True)
class DemoSite:
    """`url` without a slash at its end; `addresses`: what the demo's files do not hold."""

    url: str
    addresses: dict[str, str]


@contextmanager
def demo_site(blocker: Any, folder: Path, shared: Path) -> Iterator[DemoSite]:
    """Serves it; afterwards the database is as the migrations left it, for the tests that follow.

    `shared`: what `tests.demonstration.shared_folder` gives.
    """
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
            put_demo(shared)
            renew_passwords(PASSWORD)
            addresses = _what_the_demo_lacks()
            rebuild(get_engine())
            server = LiveServer("localhost")
            yield DemoSite(server.url, addresses)
        finally:
            if server is not None:
                server.stop()
            as_migrated()


def _followed(course: Training) -> dict[str, str]:
    """An invitation that two people accepted, and a year of first answers."""
    invitation = Invitation.objects.create(
        training=course, pole=Pole.objects.get(slug="demo-1"), note="tuteurs de la semaine d’observation"
    )
    first, *others = course.modules.all()
    keys = [first.key, *(step.key for step in others)]
    steps = Steps().after_pass(first.key, keys, timezone.localdate())
    Acceptance.objects.create(invitation=invitation, name="Camille Tutrice", steps=steps.to_data())
    Acceptance.objects.create(invitation=invitation, name="Dominique Longnom-Anticonstitutionnellement")
    for place, step in enumerate([first, *others]):
        ModuleCount.objects.create(
            training=course,
            key=step.key,
            tried=42 - 9 * place,
            passed=40 - 10 * place,
            finished=17 if place else 0,
        )
        for rank, question in enumerate(step.questions):
            QuestionCount.objects.create(training=course, question=question.id, asked=40, right=38 - 6 * rank)
    link = cookie.to_link(Progress({course.pk: steps}))
    return {
        "invitation": invitation.get_absolute_url(),
        "followers": f"/invitations/{invitation.pk}/",
        "resume": f"/mes-formations/reprendre/{link}/",
        "attested": f"/attestations/?code={_attested(course).printed_code}",
    }


def _attested(course: Training) -> Attestation:
    """One in the name of Camille Tutrice, beside another that was withdrawn."""
    day = timezone.localdate()
    common = {
        "training": course,
        "title": course.title,
        "version_on": day,
        "minutes": 25,
        "modules": 3,
        "finished_on": day,
    }
    code = new_code()
    Attestation.objects.create(
        **common, withdrawn_at=timezone.now(), withdrawn_for="Le nom d’un collègue, à sa demande"
    )
    made: Attestation = Attestation.objects.create(
        **common, code=code, name_hash=name_hash(code, "Camille Tutrice")
    )
    return made


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
    course = Training.objects.get(slug="cinq-jours-d-observation")
    waiting = make_item(
        "training", "Une formation en relecture", owner=person("coordination-b"), state=State.DRAFT
    )
    waiting.modules.set([module("Un premier module", every_sort())])
    waiting.save_revision(user=person("coordination-b"))
    submit(waiting, person("coordination-b"))
    return {
        **_followed(course),
        "training_draft": f"/brouillons/{waiting.pk}/",
        "figures": f"{course.url}chiffres/",
        "long": long.url,
        "draft": f"/brouillons/{draft.pk}/",
        "review": f"/brouillons/{review.pk}/",
        "overdue": overdue.url,
    }
