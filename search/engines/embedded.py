"""The embedded engine: tantivy in a folder, no service to run. For the quickstart and small sites.

Several processes share the folder. A write takes the folder's lock, opens the index, commits, waits for its
merges and lets go: a writer that stays open orphans segments. A reader looks at the time stamp of the index
before each search and reloads it when another process has committed.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tantivy import Document, FieldType, Index, Occur, Order, Query, Searcher

from kb.core.readers import ALL
from search.analysis import suggestion_prefix
from search.engines import embedded_reasons as reasons
from search.engines import embedded_schema as schema
from search.engines.base import (
    Completions,
    Delete,
    EngineStatus,
    EngineUnavailable,
    Explanation,
    Indexed,
    Operation,
    RebuildRefused,
    SearchEngine,
)
from search.engines.batches import batches
from search.engines.embedded_answer import answer, ids, ids_at, totals
from search.engines.embedded_completion import completions
from search.engines.embedded_query import met_query, readable
from search.engines.index_folder import Indexes, IndexFolder
from search.question import Need
from search.request import SearchRequest
from search.results import SearchResults

WRITER_MEMORY = 50_000_000
"""Bytes that a writer may fill before it makes a segment of them."""

BATCH = 500
"""Documents of one commit."""

KEPT = Query.term_query(schema.SCHEMA, "deleted", 0, "basic")
"""Every document that is no tombstone."""


class EmbeddedEngine(SearchEngine):
    """The indexes of one folder. An object is used by one process; its threads may share it."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = IndexFolder(folder)
        self._guard = threading.Lock()
        self._opened: dict[str, tuple[Index, object]] = {}
        self._started: str | None = None

    def search(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> SearchResults:
        with _readable_index():
            return answer(self._searcher(_live(self._folder.indexes())), request, readers, withheld)

    def suggest(
        self, prefix: str, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 8
    ) -> Completions:
        typed = suggestion_prefix(prefix)
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            return (
                completions(searcher, typed, readable(readers, withheld), limit) if typed else Completions()
            )

    def find_ids(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        with _readable_index():
            return ids(self._searcher(_live(self._folder.indexes())), request, readers, withheld)

    def totals(
        self,
        request: SearchRequest,
        tries: Sequence[Mapping[str, tuple[str, ...]]],
        readers: frozenset[str],
        withheld: frozenset[int] = frozenset(),
    ) -> tuple[int, ...]:
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            return totals(searcher, request, tries, readable(readers, withheld))

    def similar(
        self, item: int, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 4
    ) -> tuple[int, ...]:
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            return ids_at(searcher, reasons.similar(searcher, item, readable(readers, withheld), limit))

    def holdings(
        self, needs: Sequence[Need], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        queries = [*map(met_query, needs), Query.all_query()]
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            return tuple(reasons.counts(searcher, queries, readable(readers, withheld)))

    def near(
        self, words: Sequence[str], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[Mapping[str, int], ...]:
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            return tuple(reasons.near(searcher, words, readable(readers, withheld)))

    def explain(
        self, request: SearchRequest, items: Sequence[int], readers: frozenset[str]
    ) -> dict[int, Explanation]:
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
            found = ((item, reasons.explain(searcher, request, item, readers)) for item in items)
            return {item: explanation for item, explanation in found if explanation}

    def write(self, operations: Iterable[Operation], *, building: bool = False) -> set[int]:
        failed: set[int] = set()
        for batch in batches(operations, BATCH):
            with self._folder.writing() as indexes, _readable_index():
                for name in _targets(indexes, building):
                    failed |= self._apply(name, batch)
        return failed

    def refresh(self) -> None:
        """Nothing to do: a commit is seen by the next search."""

    def start_rebuild(self) -> None:
        with self._folder.writing() as indexes, _readable_index():
            self._started = self._create()
            self._folder.name(replace(indexes, building=self._started))

    def finish_rebuild(self, expected: int) -> None:
        with self._folder.writing() as indexes, _readable_index():
            if indexes.building is None or indexes.building != self._started:
                raise RebuildRefused("L’index en construction n’est pas celui de cette reconstruction.")
            documents = _documents(self._searcher(indexes.building))
            if documents < expected:
                raise RebuildRefused(
                    f"Le nouvel index contient {documents} documents, il en faudrait {expected}."
                )
            self._folder.name(replace(indexes, live=indexes.building, previous=indexes.live, building=None))
            self._started = None

    def abandon_rebuild(self) -> None:
        with self._folder.writing() as indexes:
            if self._started in (None, indexes.building):
                self._folder.name(replace(indexes, building=None))
            self._started = None

    def drop(self) -> None:
        with self._folder.writing():
            self._folder.name(Indexes())

    def scan(self) -> Iterator[Indexed]:
        with _readable_index():
            searcher = self._searcher(_live(self._folder.indexes()))
        last = 0
        while True:
            with _readable_index():
                after = Query.range_query(schema.SCHEMA, "id", FieldType.Integer, last, include_lower=False)
                query = Query.boolean_query([(Occur.Must, after), (Occur.Must, KEPT)])
                found = searcher.search(query, BATCH, False, "id", order=Order.Asc).hits
                held = [searcher.doc(address).to_dict() for _, address in found]
            if not held:
                return
            last = held[-1]["id"][0]
            for fields in held:
                yield Indexed(fields["id"][0], fields["version"][0], schema.hash_of(fields))

    def status(self) -> EngineStatus:
        try:
            live = self._folder.indexes().live
            if live is None:
                return EngineStatus(True, "missing", 0, "L’index n’existe pas encore.")
            if not _is_current(live):
                return EngineStatus(True, "outdated", 0, "L’index a un ancien format : à reconstruire.")
            with _readable_index():
                searcher = self._searcher(live)
                documents = _documents(searcher)
                # Sorted, counted and shown, as a reader would: a damaged column is not met before.
                answer(searcher, SearchRequest(sort="date"), {ALL})
        except EngineUnavailable as error:
            return EngineStatus(False, "missing", 0, error.reason)
        return EngineStatus(True, "ready", documents, f"Index intégré, {documents} documents.")

    def _searcher(self, name: str) -> Searcher:
        """A view of the index as it was last committed, by whichever process."""
        path = self._folder.path(name)
        with self._guard:
            # Taken before the reload: a commit in between is then seen by the next search at the latest.
            stat = (path / "meta.json").stat()
            stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
            index, seen = self._opened.get(name) or (schema.open_index(path), None)
            if seen != stamp:
                index.reload()
                self._opened = {name: (index, stamp)}
            return index.searcher()

    def _create(self) -> str:
        name = f"index-{schema.FINGERPRINT}-{uuid.uuid4().hex[:8]}"
        schema.open_index(self._folder.path(name))
        return name

    def _apply(self, name: str, operations: dict[int, Operation]) -> set[int]:
        """Commit the operations to one index, save those that it knows a later version of."""
        held = _versions(self._searcher(name), list(operations))
        writer = schema.open_index(self._folder.path(name)).writer(WRITER_MEMORY, 1)
        failed: set[int] = set()
        try:
            # A writer that was killed within its commit leaves files under the names that this commit may give: tantivy
            # would refuse to write over them, now and whenever the same changes are tried again.
            writer.garbage_collect_files()
            for item, operation in operations.items():
                if operation.version < held.get(item, 0):
                    continue
                try:
                    document = _document(operation)
                except ValueError:  # tantivy cannot hold it; the other documents shall not suffer
                    failed.add(item)
                    continue
                writer.delete_documents_by_term("id", item)
                writer.add_document(document)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        return failed


@contextmanager
def _readable_index() -> Iterator[None]:
    """Whatever is wrong with the files of an index, the caller is told that the engine cannot answer."""
    try:
        yield
    except BaseException as error:
        # tantivy panics on some damaged files, and a panic is no Exception: it would end the server's process.
        panicked = type(error).__module__ == "pyo3_runtime"
        if not panicked and not isinstance(error, (OSError, ValueError, LookupError)):
            raise
        raise EngineUnavailable(f"L’index intégré n’est pas lisible : {error}") from error


def _is_current(name: str) -> bool:
    return name.startswith(f"index-{schema.FINGERPRINT}-")


def _live(indexes: Indexes) -> str:
    if indexes.live is None:
        raise EngineUnavailable("L’index n’existe pas encore.")
    if not _is_current(indexes.live):
        raise EngineUnavailable("L’index a un ancien format : il faut le reconstruire.")
    return indexes.live


def _building(indexes: Indexes) -> str:
    if indexes.building is None or not _is_current(indexes.building):
        raise EngineUnavailable("Aucune reconstruction de l’index n’est en cours.")
    return indexes.building


def _targets(indexes: Indexes, building: bool) -> list[str]:
    """Where a write goes. What is being built comes first: if it goes live meanwhile, nothing is missing."""
    if building:
        return [_building(indexes)]
    beside = [indexes.building] if indexes.building and _is_current(indexes.building) else []
    return [*beside, _live(indexes)]


def _documents(searcher: Searcher) -> int:
    return int(searcher.search(KEPT, 1).count)


def _versions(searcher: Searcher, ids: list[int]) -> dict[int, int]:
    """The version that is held of each id, tombstones included."""
    hits = searcher.search(Query.term_set_query(schema.SCHEMA, "id", ids), len(ids)).hits
    addresses = [address for _, address in hits]
    columns = (searcher.fast_field_values(field, addresses) for field in ("id", "version"))
    return {int(item or 0): int(version or 0) for item, version in zip(*columns, strict=True)}


def _document(operation: Operation) -> Document:
    if isinstance(operation, Delete):
        return schema.tombstone(operation.id, operation.version)
    return schema.to_index(operation.document, operation.version)
