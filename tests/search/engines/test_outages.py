"""What processes say of themselves to `doctor`, a dead one's word included."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from search.engines.breaker import Opened
from search.engines.outages import FOLDER, Announcement, outages

SILENT = Opened("Elasticsearch ne répond pas dans le délai.", 5.0)


def test_from_the_first_failure_to_the_first_answer(tmp_path: Path) -> None:
    announce = Announcement(tmp_path)
    assert outages(tmp_path) == []
    announce(SILENT)
    [first] = outages(tmp_path)
    assert first.reason == SILENT.reason
    assert (first.retry - first.since).total_seconds() == 5
    announce(Opened("Elasticsearch est injoignable.", 10.0))
    [second] = outages(tmp_path)
    assert (second.since, second.reason) == (first.since, "Elasticsearch est injoignable.")
    assert second.retry > first.retry
    announce(None)
    announce(None)
    assert outages(tmp_path) == []
    assert list((tmp_path / FOLDER).iterdir()) == []


def _announce_and_wait(folder: Path, line: Connection) -> None:
    Announcement(folder)(SILENT)
    line.send("said")
    line.recv()


def test_the_word_of_a_dead_process_is_worth_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    line, theirs = context.Pipe()
    process = context.Process(target=_announce_and_wait, args=(tmp_path, theirs))
    process.start()
    assert line.poll(60)
    assert [outage.process for outage in outages(tmp_path)] == [process.pid]
    process.kill()
    process.join()
    assert outages(tmp_path) == []
    assert len(list((tmp_path / FOLDER).iterdir())) == 1
    announce = Announcement(tmp_path)
    announce(SILENT)
    assert len(list((tmp_path / FOLDER).iterdir())) == len(outages(tmp_path)) == 1
    announce(None)


def test_without_a_disk_nothing_is_said_and_nothing_falls(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    announce = Announcement(tmp_path)
    announce(SILENT)
    announce(None)
    assert outages(tmp_path) == []


def test_what_is_no_announcement_is_left_out(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "1.json").write_text("{")
    assert outages(tmp_path) == []
