"""The Elasticsearch engine, for production: one index behind an alias, on one node or a cluster.

A question waits no longer than its reader (`search.engines.patience`), since the site has another answer. Versions
are the server's own (`external_gte`): an older operation is refused with 409, which is a success here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import Any

from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Search
from elasticsearch.helpers import streaming_bulk

from search.analysis import suggestion_prefix
from search.engines import elastic_schema as schema
from search.engines.base import (
    Completions,
    EngineStatus,
    EngineUnavailable,
    EngineUnreachable,
    Explanation,
    Indexed,
    Operation,
    RebuildRefused,
    SearchEngine,
    Upsert,
)
from search.engines.batches import batches
from search.engines.elastic_answer import best_ids, results_of
from search.engines.elastic_completion import completing, completions_in
from search.engines.elastic_indexes import ElasticIndexes, Role
from search.engines.elastic_query import (
    all_best_of,
    best_of,
    counted_of,
    counting,
    shown_of,
    similar_to,
    totals_of,
    weighed_first,
)
from search.engines.elastic_reasons import explained, explanations_of, reasons
from search.engines.elastic_slips import exactly, slips, slips_of
from search.engines.elastic_words import met
from search.engines.patience import READER_PATIENCE, left
from search.question import Need
from search.request import SearchRequest
from search.results import SearchResults

WRITE_PATIENCE = 30.0
"""Seconds for a batch, or for making an index."""

SORTED_BY = "hits.hits.sort"
"""All that is read of the best documents."""

BATCH = 500
BATCH_BYTES = 8 * 1024 * 1024

SCHEMA_KNOWN = 5.0
"""Seconds during which the live index is taken to be of the schema that it had when last looked at."""

BUSY = (429, 502, 503, 504)


class ElasticEngine(SearchEngine):
    """`url`: one node, or several separated by commas. `prefix`: begins the name of every index and alias."""

    name = "elasticsearch"

    def __init__(self, url: str, prefix: str) -> None:
        nodes = [node.strip() for node in url.split(",") if node.strip()]
        client = Elasticsearch(nodes, max_retries=len(nodes) - 1, retry_on_timeout=False)
        self._client = client.options(request_timeout=READER_PATIENCE)
        # A client of another patience takes half a millisecond to make: one for each quarter of a second.
        self._hasty = [
            client.options(request_timeout=quarters / 4)
            for quarters in range(1, int(READER_PATIENCE * 4) + 1)
        ]
        self._patient = client.options(request_timeout=WRITE_PATIENCE)
        self._indexes = ElasticIndexes(self._client, prefix)
        self._patient_indexes = ElasticIndexes(self._patient, prefix)
        self._beside = ThreadPoolExecutor(thread_name_prefix="search")
        self._known_until = 0.0
        self._started: str | None = None

    def search(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> SearchResults:
        with _reaching():
            self._require_current()  # once, for all three
            counts = counted_of(request, readers, withheld)
            counted = self._beside.submit(copy_context().run, self._ask, counts)
            page = best_ids(request, self._ask(best_of(request, readers, withheld), SORTED_BY))
            if request.offset < weighed_first(request):
                page = page[request.offset :][: request.page_size]
            shown = self._ask_together(shown_of(request, page, readers, withheld))
            hits = {int(hit["_id"]): hit for half in shown for hit in half["hits"]["hits"]}
            return results_of(counted.result(), [hits[item] for item in page if item in hits])

    def suggest(
        self, prefix: str, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 8
    ) -> Completions:
        typed = suggestion_prefix(prefix)
        with _reaching():
            if not typed:
                self._require_current()
                return Completions()
            return completions_in(self._ask(completing(typed, readers, withheld, limit)), limit)

    def find_ids(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        with _reaching():
            return tuple(best_ids(request, self._ask(all_best_of(request, readers, withheld), SORTED_BY)))

    def totals(
        self,
        request: SearchRequest,
        tries: Sequence[Mapping[str, tuple[str, ...]]],
        readers: frozenset[str],
        withheld: frozenset[int] = frozenset(),
    ) -> tuple[int, ...]:
        with _reaching():
            found = self._ask(totals_of(request, tries, readers, withheld)).get("aggregations", {})
            return tuple(int(found[str(place)]["doc_count"]) for place in range(len(tries)))

    def similar(
        self, item: int, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 4
    ) -> tuple[int, ...]:
        with _reaching():
            answer = self._ask(similar_to(item, readers, withheld) | {"size": limit})
            return tuple(int(hit["_id"]) for hit in answer["hits"]["hits"])

    def holdings(
        self, needs: Sequence[Need], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        conditions = {str(place): met(need) for place, need in enumerate(needs)}
        with _reaching():
            answer = self._ask(counting(conditions, readers, withheld))
            held = (answer["aggregations"][name]["doc_count"] for name in conditions)
            return (*held, answer["hits"]["total"]["value"])

    def near(
        self, words: Sequence[str], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[Mapping[str, int], ...]:
        with _reaching():
            candidates = slips_of(self._ask(slips(words)), words)
            distinct = list(dict.fromkeys(word for found in candidates for word in found))
            # The suggester sees every document: what counts is what these readers may read.
            conditions = {word: exactly(word) for word in distinct}
            counts = self._ask(counting(conditions, readers, withheld))["aggregations"] if distinct else {}
            held = {word: int(counts[word]["doc_count"]) for word in distinct}
            return tuple({word: held[word] for word in found if held[word]} for found in candidates)

    def explain(
        self, request: SearchRequest, items: Sequence[int], readers: frozenset[str]
    ) -> dict[int, Explanation]:
        with _reaching():
            whole = self._ask(explained(request, items, readers))
            if not whole["hits"]["hits"]:
                return {}
            parts = self._asking.search(
                index=self._indexes.live,
                body=reasons(request, items).to_dict(),
                include_named_queries_score=True,
            )
            return explanations_of(request, whole, parts.body)

    def write(self, operations: Iterable[Operation], *, building: bool = False) -> set[int]:
        failed: set[int] = set()
        for batch in batches(operations, BATCH):
            with _reaching():
                for alias in self._targets(building):
                    failed |= self._send(alias, batch)
        return failed

    def refresh(self) -> None:
        with _reaching():
            standing = set(self._indexes.roles()) & {self._indexes.live, self._indexes.building}
            if standing:
                self._patient.indices.refresh(index=sorted(standing))

    def start_rebuild(self) -> None:
        with _reaching():
            self._started = self._patient_indexes.start_building()

    def finish_rebuild(self, expected: int) -> None:
        with _reaching():
            built = self._indexes.roles().get(self._indexes.building)
            if built is None or built.index != self._started:
                raise RebuildRefused("L’index en construction n’est pas celui de cette reconstruction.")
            self._patient.indices.refresh(index=built.index)
            documents = self._patient.count(index=built.index)["count"]
            if documents < expected:
                raise RebuildRefused(
                    f"Le nouvel index contient {documents} documents, il en faudrait {expected}."
                )
            self._patient_indexes.put_live(built.index)
            self._started = None
            # Each part that the index was written in is asked by itself: in one piece it answers in half the time. The
            # server puts them together meanwhile; it is live already, whatever becomes of that.
            with suppress(ApiError, TransportError):
                self._patient.indices.forcemerge(
                    index=built.index, max_num_segments=1, wait_for_completion=False
                )

    def abandon_rebuild(self) -> None:
        with _reaching():
            self._patient_indexes.drop_building(self._started)
            self._started = None

    def drop(self) -> None:
        with _reaching():
            self._patient_indexes.drop_all()

    def scan(self) -> Iterator[Indexed]:
        with _reaching():
            alias = self._require_current()
            self._patient.indices.refresh(index=alias)
            view = self._patient.open_point_in_time(index=alias, keep_alive="5m")["id"]
        try:
            after: list[Any] | None = None
            while True:
                with _reaching():
                    page = self._patient.search(
                        pit={"id": view, "keep_alive": "5m"},
                        sort=[{"id": "asc"}],
                        search_after=after,
                        size=BATCH,
                        version=True,
                        track_total_hits=False,
                    )
                    view, hits = page["pit_id"], page["hits"]["hits"]
                    found = [
                        Indexed(int(hit["_id"]), hit["_version"], schema.hash_of(hit["_source"]))
                        for hit in hits
                    ]
                if not found:
                    return
                after = hits[-1]["sort"]
                yield from found
        finally:
            with _reaching():
                self._patient.close_point_in_time(id=view)

    def status(self) -> EngineStatus:
        try:
            with _reaching():
                live = self._indexes.roles().get(self._indexes.live)
                if live is None:
                    return EngineStatus(True, "missing", 0, "L’index n’existe pas encore.")
                documents = int(self._client.count(index=live.index)["count"])
        except EngineUnavailable as error:
            return EngineStatus(False, "missing", 0, error.reason)
        if not live.is_current:
            return EngineStatus(
                True, "outdated", documents, "L’index a un ancien format\u00a0: à reconstruire."
            )
        return EngineStatus(True, "ready", documents, f"Elasticsearch, {documents} documents.")

    def _ask(self, search: Search | dict[str, Any], part: str | None = None) -> dict[str, Any]:
        """The answer of the live index as plain JSON, or that part of it; of the whole index or none."""
        index = self._require_current()
        body = search.to_dict() if isinstance(search, Search) else search
        answer = self._asking.search(
            index=index, body=body, allow_partial_search_results=False, filter_path=part
        )
        return dict(answer.body)

    def _ask_together(self, searches: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers to several searches at a time; of the whole index or none."""
        if not searches:
            return []
        header = {"index": self._require_current(), "allow_partial_search_results": False}
        answers = self._asking.msearch(searches=[part for search in searches for part in (header, search)])
        for answer in answers["responses"]:
            if "error" in answer:
                raise _refusal(answer["status"], answer["error"]["type"])
        return list(answers["responses"])

    @property
    def _asking(self) -> Elasticsearch:
        """For a question of a reader. Raises `EngineUnreachable` when his time is over."""
        quarters = math.ceil(left() * 4)
        if quarters <= 0:
            raise EngineUnreachable("Elasticsearch ne répond pas dans le délai.")
        return self._hasty[min(quarters, len(self._hasty)) - 1]

    def _require_current(self) -> str:
        """The live alias. Raises `EngineUnavailable` when it does not stand, or for another schema."""
        if time.monotonic() >= self._known_until:
            _required(self._indexes.roles().get(self._indexes.live))
            self._known_until = time.monotonic() + SCHEMA_KNOWN
        return self._indexes.live

    def _targets(self, building: bool) -> list[str]:
        """Where a write goes; first to what is being built: if it goes live meanwhile, nothing is missing."""
        roles = self._indexes.roles()
        built = roles.get(self._indexes.building)
        beside = [self._indexes.building] if built and built.is_current else []
        if building:
            if not beside:
                raise EngineUnavailable("Aucune reconstruction de l’index n’est en cours.")
            return beside
        _required(roles.get(self._indexes.live))
        return [*beside, self._indexes.live]

    def _send(self, alias: str, batch: dict[int, Operation]) -> set[int]:
        """Ids that failed in one index."""
        answers = streaming_bulk(
            self._patient,
            (_action(alias, operation) for operation in batch.values()),
            chunk_size=BATCH,
            max_chunk_bytes=BATCH_BYTES,
            raise_on_error=False,  # with True a 429 is never tried again
            retry_on_status=BUSY,
            max_retries=3,
            initial_backoff=0.5,
            max_backoff=4,
            require_alias=True,  # else the server makes an index of its own idea
        )
        failed: set[int] = set()
        for succeeded, answer in answers:
            [(action, result)] = answer.items()
            was_absent = action == "delete" and result.get("result") == "not_found"
            if not (succeeded or was_absent or result["status"] == 409):
                failed.add(int(result["_id"]))
        return failed


@contextmanager
def _reaching() -> Iterator[None]:
    """Whatever goes wrong with the server, the caller is told that the engine cannot answer."""
    try:
        yield
    except NotFoundError as error:
        raise EngineUnavailable("L’index n’existe pas encore dans Elasticsearch.") from error
    except ApiError as error:
        raise _refusal(error.status_code, error.error) from error
    except ConnectionTimeout as error:
        raise EngineUnreachable("Elasticsearch ne répond pas dans le délai.") from error
    except TransportError as error:
        raise EngineUnreachable("Elasticsearch est injoignable.") from error
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise EngineUnavailable(f"Elasticsearch donne une réponse inattendue\u00a0: {error!r}") from error


def _refusal(status: int, why: str) -> EngineUnavailable:
    overtaxed = status == 429 or status >= 500
    return (EngineUnreachable if overtaxed else EngineUnavailable)(
        f"Elasticsearch refuse la demande\u00a0: {status} {why}"
    )


def _required(live: Role | None) -> None:
    if live is None:
        raise EngineUnavailable("L’index n’existe pas encore dans Elasticsearch.")
    if not live.is_current:
        raise EngineUnavailable("L’index a un ancien format\u00a0: il faut le reconstruire.")


def _action(alias: str, operation: Operation) -> dict[str, Any]:
    action: dict[str, Any] = {
        "_op_type": "index" if isinstance(operation, Upsert) else "delete",
        "_index": alias,
        "_id": str(operation.id),
        "version": operation.version,
        "version_type": "external_gte",
    }
    if isinstance(operation, Upsert):
        action["_source"] = schema.to_source(operation.document)
    return action
