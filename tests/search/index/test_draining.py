"""The drain, from a change to an answer, and everything that may stop it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from kb.accounts.models import Role
from kb.core.locks import LockTaken, exclusively
from kb.core.readers import Visibility
from kb.moderation.merging import merge
from search.engines import get_engine
from search.engines.base import SearchEngine, Upsert
from search.index import draining, outbox, serializing
from search.index.auditing import audit
from search.index.draining import BUSY, drain, drain_outbox, operations_for
from search.jobs import IndexWrong, drain_leftovers
from search.models import SearchChange
from search.request import SearchRequest
from tests.items import make_item
from tests.people import make_user
from tests.search.conftest import waiting
from tests.search.engines.samples import make_empty
from tests.search.world import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EVERYBODY = frozenset({"all"})


def found(q: str, **filters: str) -> list[int]:
    asked = SearchRequest(q, {name: (value,) for name, value in filters.items()})
    return [hit.id for hit in get_engine().search(asked, EVERYBODY).hits]


def test_what_is_published_is_found_and_what_is_retired_is_not(index: SearchEngine) -> None:
    item = make_item("teaching", "Préparer un entretien")
    assert found("entretien") == []
    assert drain().items == 1
    assert found("entretien") == [item.pk]
    item.unpublish()
    drain()
    assert found("entretien") == []
    assert waiting() == set()


def test_several_rows_of_one_item_are_one_reading(index: SearchEngine) -> None:
    item = make_item("teaching", "Préparer un entretien")
    for _ in range(3):
        outbox.record([item.pk])
    before = outbox.take_number()
    assert drain().items == 1
    assert outbox.take_number() == before + 2


def test_changes_around_an_item_reach_the_index(index: SearchEngine) -> None:
    world = make_world()
    outbox.record([world.resource.pk, world.training.pk, world.sheet.pk])
    drain()
    assert set(found("travaux")) == {world.resource.pk, world.training.pk}

    term = world.fresh("term")
    term.label = "DDFPT"
    term.save()
    drain()
    assert set(found("ddfpt")) == {world.resource.pk, world.training.pk}
    assert found("délégué") == []

    pole = world.fresh("pole")
    pole.title, pole.slug = "Pôle du Morvan", "morvan"
    pole.save()
    drain()
    assert found("morvan", pole="morvan") == [world.sheet.pk]
    [hit] = get_engine().search(SearchRequest("morvan"), EVERYBODY).hits
    assert hit.url == "/poles/morvan/le-gite-des-stagiaires/"

    world.fresh("tag").delete()
    drain()
    assert found("", tag="egalite-filles-garcons") == []
    world.fresh("sheet").delete()
    drain()
    assert found("morvan") == []


def test_what_moves_narrows_or_is_merged_is_found_where_it_is(any_engine: SearchEngine) -> None:
    world = make_world()
    world.fresh("sheet").move(world.fresh("other_pole"), pos="last-child")
    drain()
    assert found("gîte", pole="sud") == [world.sheet.pk]
    [hit] = get_engine().search(SearchRequest("gîte"), EVERYBODY).hits
    assert hit.url == "/poles/sud/le-gite-des-stagiaires/"

    narrowed = world.fresh("resource")
    narrowed.visibility = Visibility.MEMBERS
    narrowed.save_revision().publish(skip_permission_checks=True)
    drain()
    assert found("entretien") == []
    [hit] = get_engine().search(SearchRequest("entretien"), frozenset({"member"})).hits
    assert hit.id == narrowed.pk

    somebody = make_user("coordination", (Role.COORDINATION, None))
    merge(world.fresh("other_pole"), world.fresh("pole"), somebody)
    drain()
    assert set(found("", pole="nord")) == {world.sheet.pk, world.other_sheet.pk}
    assert found("", pole="sud") == []
    world.fresh("training").unpublish()
    world.fresh("other_sheet").delete()
    drain()
    assert not audit(any_engine).ids


def test_more_changes_than_one_round_takes(index: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "BATCH", 2)
    items = {make_item("teaching", f"Fiche {number}").pk for number in range(5)}
    assert drain().items >= 5
    assert set(found("fiche")) == items


def test_a_row_that_appears_below_a_drained_one_is_drained(index: SearchEngine) -> None:
    """A slow transaction took its row's id first and commits last."""
    item = make_item("teaching", "Premier titre")
    SearchChange.objects.all().delete()
    SearchChange.objects.create(pk=10_000, item_id=item.pk)
    drain()
    type(item).objects.filter(pk=item.pk).update(title="Second titre")
    SearchChange.objects.create(pk=9_000, item_id=item.pk)
    drain()
    assert found("second") == [item.pk]


def test_a_row_that_commits_during_a_drain_is_not_lost(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written after the reading, before the rows are deleted: only rows that were taken are deleted."""
    item = make_item("teaching", "Premier titre")
    write, late = index.write, []

    def write_and_change(*args: Any, **kwargs: Any) -> set[int]:
        failed = write(*args, **kwargs)
        if not late:
            late.append(True)
            type(item).objects.filter(pk=item.pk).update(title="Second titre")
            outbox.record([item.pk])
        return failed

    monkeypatch.setattr(index, "write", write_and_change)
    drain()
    assert waiting() == {item.pk}, "it waits for the drain that its own commit asks for"
    drain()
    assert found("second") == [item.pk]
    assert waiting() == set()


def test_a_drain_ends_though_changes_go_on(index: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item("teaching", "Premier titre")
    write, rounds = index.write, []

    def write_and_change(*args: Any, **kwargs: Any) -> set[int]:
        rounds.append(True)
        outbox.record([item.pk])
        return write(*args, **kwargs)

    monkeypatch.setattr(index, "write", write_and_change)
    drain()
    assert len(rounds) == 1


def test_an_old_reading_that_arrives_late_changes_nothing(index: SearchEngine) -> None:
    item = make_item("teaching", "Premier titre")
    late, _ = operations_for([item.pk])
    item.delete()
    drain()
    assert index.write(late) == set()
    assert found("premier") == []


def test_without_an_index_rows_wait_and_the_command_says_so(caplog: pytest.LogCaptureFixture) -> None:
    item = make_item("teaching", "Préparer un entretien")
    with pytest.raises(
        CommandError, match=r"L’index n’existe pas encore\. Les changements restent en attente\."
    ):
        call_command("search_drain")
    with caplog.at_level(logging.WARNING, "vivier.search"):
        assert drain_outbox.call() == "L’index n’existe pas encore."
    assert "the outbox waits" in caplog.text
    assert waiting() == {item.pk}


def test_an_engine_that_comes_back_loses_nothing(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    (tmp_path / "file").touch()  # where the index should lie is something else
    item = make_item("teaching", "Préparer un entretien")
    with pytest.raises(CommandError):
        call_command("search_drain")
    assert waiting() == {item.pk}
    (tmp_path / "file").unlink()
    make_empty(get_engine())
    call_command("search_drain")
    assert found("entretien") == [item.pk]


def test_one_item_that_cannot_be_read_stops_no_other(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, sound = make_item("teaching", "Cassée"), make_item("teaching", "Entière")
    real = serializing.document_of

    def document_of(item: Any, around: Any) -> Any:
        return replace(real(item, around), kind="unknown" if item.pk == broken.pk else item.kind)

    monkeypatch.setattr(serializing, "document_of", document_of)
    with pytest.raises(CommandError, match=rf"1 en échec\. Fiches concernées\s: {broken.pk}\."):
        call_command("search_drain")
    assert found("entière") == [sound.pk]
    assert waiting() == {broken.pk}
    with pytest.raises(IndexWrong):
        drain_leftovers()
    monkeypatch.undo()
    assert drain_leftovers() == "1 fiche reportée dans l’index."
    assert waiting() == set()


def test_a_document_that_the_engine_refuses_keeps_its_row(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, taken = make_item("teaching", "Refusée"), make_item("teaching", "Prise")
    write = index.write

    def write_some(operations: Any, **kwargs: Any) -> set[int]:
        return write([o for o in operations if o.id != refused.pk], **kwargs) | {refused.pk}

    monkeypatch.setattr(index, "write", write_some)
    assert drain().failed == {refused.pk}
    assert waiting() == {refused.pk}
    assert found("prise") == [taken.pk]


def test_the_number_is_taken_before_the_reading(index: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that began first and is sent last: had it taken its number late, the old words would win."""
    item = make_item("teaching", "Premier titre")
    load = serializing.load

    def load_and_be_overtaken(ids: Any) -> Any:
        old = list(load(ids))
        monkeypatch.undo()
        type(item).objects.filter(pk=item.pk).update(title="Second titre")
        index.write(operations_for([item.pk])[0])
        return old

    monkeypatch.setattr(serializing, "load", load_and_be_overtaken)
    late, _ = operations_for([item.pk])
    assert [o.document.title for o in late if isinstance(o, Upsert)] == ["Premier titre"]
    index.write(late)
    assert found("second") == [item.pk]


def test_the_command_tells_what_it_did(index: SearchEngine, capsys: pytest.CaptureFixture[str]) -> None:
    make_item("teaching", "Fiche")
    call_command("search_drain")
    call_command("search_drain")
    assert capsys.readouterr().out.splitlines() == [
        "1 fiche reportée dans l’index.",
        "0 fiche reportée dans l’index.",
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_drain_waits_for_the_other_one_and_then_gives_up(
    index: SearchEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from django.db import connection

    held, free = Event(), Event()

    def hold() -> None:
        try:
            with exclusively(draining.LOCK):
                held.set()
                free.wait(30)
        finally:
            connection.close()

    with transaction.atomic():
        outbox.record([123_456])
    monkeypatch.setitem(drain.__kwdefaults__, "patience", 0.1)
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(hold)
        assert held.wait(30)
        try:
            with pytest.raises(LockTaken):
                drain(patience=0.1)
            assert drain_leftovers() == BUSY
            assert waiting() == {123_456}
        finally:
            free.set()
        other.result()
    assert drain(patience=0.1).items == 1
