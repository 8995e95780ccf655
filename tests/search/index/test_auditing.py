"""The audit finds what the outbox can have lost; `--repair` mends it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from resources.models import Item
from search.engines.base import Delete, SearchEngine, Upsert
from search.index import auditing, outbox
from search.index.auditing import audit, repair
from search.index.draining import drain, operations_for
from search.jobs import IndexWrong, audit_and_repair
from search.models import SearchChange
from tests.items import make_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]

STRAY = 999_999


def make_items(number: int) -> list[Any]:
    items = [make_item("teaching", f"Fiche {n}") for n in range(number)]
    drain()
    return items


def spoil(engine: SearchEngine, items: list[Any], ahead: int = 0) -> None:
    """The first item altered, the second deleted, one too many; `ahead` of the site's own numbers."""
    operations, _ = operations_for([items[0].pk])
    [first] = operations
    assert isinstance(first, Upsert)
    version = first.version + ahead
    engine.write(
        [
            Upsert(replace(first.document, title="Altérée"), version),
            Delete(items[1].pk, version),
            Upsert(replace(first.document, id=STRAY), version),
        ]
    )


def output(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("search_audit", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_a_faithful_index_has_no_difference(any_engine: SearchEngine) -> None:
    make_items(3)
    assert output() == [
        "3 fiches comparées.",
        "Modifiées\u00a0: aucune",
        "Absentes\u00a0: aucune",
        "En trop\u00a0: aucune",
        "L’index et la base concordent.",
    ]


def test_altered_missing_and_stray_are_told_and_mended(any_engine: SearchEngine) -> None:
    items = make_items(3)
    spoil(any_engine, items)
    found = audit(any_engine)
    assert (found.altered, found.missing, found.stray) == ({items[0].pk}, {items[1].pk}, {STRAY})

    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^3 écarts entre l’index et la base\.$"):
        call_command("search_audit", stdout=out)
    assert f"Modifiées\u00a0: {items[0].pk}" in out.getvalue()
    assert f"Absentes\u00a0: {items[1].pk}" in out.getvalue()
    assert f"En trop\u00a0: {STRAY}" in out.getvalue()

    assert output("--repair")[-1] == "L’index et la base concordent."
    assert not audit(any_engine).ids
    assert {entry.id for entry in any_engine.scan()} == {item.pk for item in items}


def test_an_index_ahead_of_a_restored_database_is_mended_too(index: SearchEngine) -> None:
    items = make_items(3)
    spoil(index, items, ahead=1_000)
    assert not repair(index, audit(index)).ids
    assert outbox.take_number() > 1_000


def test_what_the_index_deleted_after_the_backup_comes_back_at_once(any_engine: SearchEngine) -> None:
    """The deletes of a restored database's future are seen by nobody, and their numbers are the highest."""
    items = make_items(3)
    any_engine.write([Delete(item.pk, 5_000 + n) for n, item in enumerate(items)])
    any_engine.refresh()
    assert not repair(any_engine, audit(any_engine)).ids
    assert {entry.id for entry in any_engine.scan()} == {item.pk for item in items}


@pytest.mark.parametrize("field", ["visibility", "summary", "last_published_at", "url_path"])
def test_any_field_that_changed_without_a_row_is_found(index: SearchEngine, field: str) -> None:
    [item] = make_items(1)
    values = {
        "visibility": "members",
        "summary": "Autre",
        "last_published_at": timezone.now() - timezone.timedelta(days=9),
        "url_path": "/vivier/ailleurs/",
    }
    Item.objects.filter(pk=item.pk).update(**{field: values[field]})
    assert audit(index).altered == {item.pk}


def test_what_waits_in_the_outbox_is_no_difference(index: SearchEngine) -> None:
    items = make_items(3)
    items[0].title = "Autre titre"
    items[0].save()
    items[1].delete()
    make_item("teaching", "Neuve")
    assert not audit(index).ids
    drain()
    assert not audit(index).ids


def test_a_change_during_the_first_look_is_no_difference(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second look, while no drain runs, is the one that counts."""
    items = make_items(2)
    real, looks = auditing._compare, []

    def compare(engine: SearchEngine) -> auditing.Differences:
        found = real(engine)
        looks.append(found)
        if len(looks) == 1:
            found.altered.add(items[0].pk)  # the item was read before a change and the index after it
        return found

    monkeypatch.setattr(auditing, "_compare", compare)
    assert not audit(index).ids
    assert len(looks) == 2


def test_portions_meet_at_their_edges(index: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "BATCH", 2)
    items = make_items(5)
    spoil(index, items)
    found = audit(index)
    assert (found.compared, found.altered, found.missing) == (5, {items[0].pk}, {items[1].pk})


def test_without_an_index_the_command_fails() -> None:
    with pytest.raises(CommandError, match="L’index n’existe pas encore"):
        call_command("search_audit")


def test_the_nightly_job_mends_and_tells(index: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    items = make_items(3)
    assert audit_and_repair() == "3 fiches comparées, aucun écart."
    spoil(index, items)
    assert audit_and_repair() == "3 fiches comparées, 3 écarts réparés."
    assert not SearchChange.objects.exists()
    spoil(index, items)
    write = index.write
    monkeypatch.setattr(
        index, "write", lambda operations: write(o for o in operations if isinstance(o, Delete))
    )
    with pytest.raises(IndexWrong, match="3 écarts trouvés, 2 après réparation"):
        audit_and_repair()
