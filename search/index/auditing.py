"""Does the index say what the database says? Compared by id and content hash, both ways, at flat memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from django.db import transaction

from kb.core.locks import exclusively
from search.engines.base import SearchEngine
from search.models import SearchChange

from . import outbox, serializing
from .draining import LOCK, PATIENCE, drain, logger
from .eligibility import eligible_ids, is_eligible

BATCH = 500
#: More numbers than are taken between two backups.
FAR = 1_000_000


@dataclass
class Differences:
    """Ids of items whose document differs, is not in the index, or is there without being in the database."""

    altered: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)
    stray: set[int] = field(default_factory=set)
    compared: int = 0
    highest: int = 0
    """The highest version that the index holds."""

    @property
    def ids(self) -> set[int]:
        return self.altered | self.missing | self.stray


def audit(engine: SearchEngine) -> Differences:
    """The differences that no waiting row of the outbox explains. Raises EngineUnavailable or LockTaken.

    The first look holds no lock, so what changes meanwhile may look wrong. Only if something does, a second one is
    taken while no drain runs: what then differs and has no waiting row was lost.
    """
    found = _compare(engine)
    if not found.ids:
        return found
    with exclusively(LOCK, patience=PATIENCE):
        found = _compare(engine)
        waiting = set(SearchChange.objects.values_list("item_id", flat=True))
    found.altered -= waiting
    found.missing -= waiting
    found.stray -= waiting
    return found


def repair(engine: SearchEngine, found: Differences) -> Differences:
    """Sends the differing items through the outbox again and looks once more.

    A database that was restored gives numbers that the index has seen. What the index deleted since cannot be seen
    here, so the second try begins far above anything that it may hold.
    """
    for number in (found.highest, found.highest + FAR):
        outbox.pass_number(number)
        with transaction.atomic():
            outbox.record(found.ids)
        drain(engine)
        left = audit(engine)
        if not left.ids:
            break
    return left


def _compare(engine: SearchEngine) -> Differences:
    found = Differences()
    engine.refresh()
    held = ((entry.id, "index", entry.content_hash, entry.version) for entry in engine.scan())
    wanted = ((pk, "database", content_hash, 0) for pk, content_hash in _documents())
    before: tuple[int, str, str] | None = None
    for pk, side, content_hash, version in heapq.merge(wanted, held, key=itemgetter(0)):
        found.highest = max(found.highest, version)
        if side == "database":
            found.compared += 1
            found.missing.add(pk)
        elif before is not None and before[:2] == (pk, "database"):
            found.missing.discard(pk)
            if before[2] != content_hash:
                found.altered.add(pk)
        else:
            found.stray.add(pk)
        before = pk, side, content_hash
    return found


def _documents() -> Iterator[tuple[int, str]]:
    """Every eligible item, by growing id, with the hash of its document now; empty for one that cannot be read."""
    for ids in eligible_ids(BATCH):
        around = serializing.Surroundings.load()  # terms may come meanwhile
        for item in sorted(filter(is_eligible, serializing.load(ids)), key=lambda item: item.pk):
            try:
                yield item.pk, serializing.document_of(item, around).content_hash
            except ValueError:
                logger.exception("item %s cannot be indexed", item.pk)
                yield item.pk, ""
