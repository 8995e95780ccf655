"""The demo goes through the real path, and a broken file leaves nothing behind."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, TaskState

from kb.accounts.models import User
from kb.core.mail import deliver
from kb.home.entries import is_reread
from kb.loading.accounts import ACCOUNTS, address_of, load_people, person
from kb.loading.demo import FOLDER
from kb.moderation.authorship import writers_of
from kb.moderation.merging import merge
from kb.poles.models import Pole
from resources.models import Attachment, Item, PracticeSheet, TeachingResource, Training

pytestmark = pytest.mark.django_db


def load(**options: Any) -> str:
    out = StringIO()
    call_command("load_reference", stdout=out)
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.database
def test_what_the_demo_holds_once_loaded_and_once_more() -> None:
    load()
    for kind in (TeachingResource, Training, PracticeSheet):
        assert kind.objects.live().count() >= 6

    # Every published item was approved by somebody else.
    for item in Item.objects.live().specific():
        approval = TaskState.objects.get(revision=item.live_revision, status=TaskState.STATUS_APPROVED)
        assert approval.finished_by_id not in {item.owner_id, approval.workflow_state.requested_by_id}
        assert approval.started_at < approval.finished_at
        assert item.last_published_at == approval.finished_at
        assert item.first_published_at <= item.last_published_at
    reread = [item for item in Item.objects.live() if is_reread(item)]
    assert len(reread) >= 3
    for item in reread:
        assert (
            TaskState.objects.filter(
                revision__object_id=str(item.pk), status=TaskState.STATUS_APPROVED
            ).count()
            == 2
        )
    dates = set(Item.objects.live().dates("last_published_at", "day"))
    assert (max(dates) - min(dates)).days > 600
    assert all(not problems for problems in Page.find_problems())

    # What was written in an order keeps it.
    for item in Item.objects.specific():
        for name in ("modules", "results", "attachments"):
            ranks = [row.sort_order for row in getattr(item, name).all()] if hasattr(item, name) else []
            assert ranks == list(range(len(ranks))), (item, name)

    # Every state and visibility is there.
    assert {item.draft_state for item in Item.objects.not_live()} == {"draft", "in_review"}
    assert TaskState.objects.filter(status=TaskState.STATUS_REJECTED).exclude(comment="").count() == 1
    assert set(Item.objects.live().values_list("visibility", flat=True)) == {"public", "members", "pole"}
    assert PracticeSheet.objects.live().filter(review_by__lt="2026-11-24").count() >= 1
    assert PracticeSheet.objects.exclude(based_on=None).exists()
    assert all(writers_of(item) for item in Item.objects.all())
    for attachment in Attachment.objects.all():
        with attachment.file.open() as file:
            assert file.read(4) == (b"%PDF" if attachment.name.endswith(".pdf") else b"PK\x03\x04")

    # And old decisions sent no mail.
    assert not DBTaskResult.objects.filter(task_path=deliver.module_path).exists()

    # A second load keeps all of it, and finds what was moved.
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision"))
    files = Attachment.objects.count()
    assert "0 fiche(s) ajoutée(s)" in load()
    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision")) == before
    assert Attachment.objects.count() == files
    first, second = Pole.objects.order_by("slug")[:2]
    merge(first, second, person("coordination"))
    items = Item.objects.count()
    load()
    assert Item.objects.count() == items


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("author: ", "author: in", "n’est pas connu"),
        ("state: published", "state: publiée", "l’état doit être"),
        ("phase: [", "phase: [jamais, ", "n’existe pas dans ce vocabulaire"),
        ('title: "', 'title: "' + "très long " * 30, "title"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_loaded(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = tmp_path / "demo"
    for part in ("practice", "files"):
        shutil.copytree(FOLDER / part, folder / part)
    path = folder / "practice" / "le-releve-du-vendredi.md"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        load(folder=folder)
    message = str(caught.value).replace("\u00a0", " ")
    assert f"{path}:{line} : " in message
    assert says in message
    assert not Item.objects.exists()
    assert not User.objects.exists()


def test_generated_items_are_the_same_for_the_same_number() -> None:
    assert "30 ajoutée(s)" in load(scale=30)
    assert all(not problems for problems in Page.find_problems())

    def told() -> list[Any]:
        return [
            (item.slug, item.title, item.url_path, str(item.last_published_at), item.sections())
            for item in Item.objects.filter(slug__startswith="engendre-").order_by("slug").specific()
        ]

    first = told()
    assert len(first) == 30
    assert all(2_000 < sum(len(text) for _, text in sections) < 5_000 for *_, sections in first)
    Item.objects.filter(slug__startswith="engendre-").delete()
    Page.fix_tree()
    load(scale=20)
    load(scale=30)
    assert told() == first


def test_scale_wants_a_number() -> None:
    with pytest.raises(CommandError, match="à partir de 1"):
        load(scale=0)


def test_scale_wants_published_items(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="chargez d’abord"):
        load(folder=tmp_path, scale=5)


def test_passwords_are_new_each_time_or_the_given_one(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_reference")
    load_people()

    def told() -> dict[str, str]:
        out = StringIO()
        call_command("demo_accounts", stdout=out)
        return dict(line.split() for line in out.getvalue().splitlines())

    first, second = told(), told()
    assert set(first) == set(second) == {address_of(name) for name in ACCOUNTS}
    others = User.objects.exclude(email__in=first)
    assert others
    assert not any(user.has_usable_password() and user.password for user in others)
    assert all(first[address] != second[address] for address in first)
    for address, password in second.items():
        assert User.objects.get(email=address).check_password(password)
    monkeypatch.setattr(
        "kb.loading.management.commands.demo_accounts.DEMO_PASSWORD", "un-mot-de-passe-choisi"
    )
    assert set(told().values()) == {"un-mot-de-passe-choisi"}
