"""An engine behind the breaker of its process: what readers wait for is guarded, what writes and repairs is not.

Drains, rebuilds and audits have their own patience and come back by themselves: they ask the server whatever readers
found. The status is guarded too: a supervisor that asks `/readyz` shall not wait for a server that is known to hang,
and its question is as good a try as any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from search.engines.base import (
    Completions,
    EngineStatus,
    EngineUnreachable,
    Explanation,
    Indexed,
    Operation,
    SearchEngine,
)
from search.engines.breaker import Breaker
from search.question import Need
from search.request import SearchRequest
from search.results import SearchResults


class GuardedEngine(SearchEngine):
    """`engine` for this process."""

    def __init__(self, engine: SearchEngine, breaker: Breaker) -> None:
        self.name = engine.name
        self._engine = engine
        self._breaker = breaker

    def search(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> SearchResults:
        with self._breaker.watching():
            return self._engine.search(request, readers, withheld)

    def suggest(
        self, prefix: str, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 8
    ) -> Completions:
        with self._breaker.watching():
            return self._engine.suggest(prefix, readers, withheld, limit)

    def find_ids(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        with self._breaker.watching():
            return self._engine.find_ids(request, readers, withheld)

    def totals(
        self,
        request: SearchRequest,
        tries: Sequence[Mapping[str, tuple[str, ...]]],
        readers: frozenset[str],
        withheld: frozenset[int] = frozenset(),
    ) -> tuple[int, ...]:
        with self._breaker.watching():
            return self._engine.totals(request, tries, readers, withheld)

    def similar(
        self, item: int, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 4
    ) -> tuple[int, ...]:
        with self._breaker.watching():
            return self._engine.similar(item, readers, withheld, limit)

    def holdings(
        self, needs: Sequence[Need], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        with self._breaker.watching():
            return self._engine.holdings(needs, readers, withheld)

    def near(
        self, words: Sequence[str], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[Mapping[str, int], ...]:
        with self._breaker.watching():
            return self._engine.near(words, readers, withheld)

    def explain(
        self, request: SearchRequest, items: Sequence[int], readers: frozenset[str]
    ) -> dict[int, Explanation]:
        with self._breaker.watching():
            return self._engine.explain(request, items, readers)

    def write(self, operations: Iterable[Operation], *, building: bool = False) -> set[int]:
        return self._engine.write(operations, building=building)

    def refresh(self) -> None:
        self._engine.refresh()

    def start_rebuild(self) -> None:
        self._engine.start_rebuild()

    def finish_rebuild(self, expected: int) -> None:
        self._engine.finish_rebuild(expected)

    def abandon_rebuild(self) -> None:
        self._engine.abandon_rebuild()

    def drop(self) -> None:
        self._engine.drop()

    def scan(self) -> Iterator[Indexed]:
        return self._engine.scan()

    def status(self) -> EngineStatus:
        try:
            with self._breaker.watching():
                status = self._engine.status()
                if not status.reachable:
                    raise EngineUnreachable(status.detail)
                return status
        except EngineUnreachable as error:
            return EngineStatus(False, "missing", 0, error.reason)
