"""The contract of every search engine. One test suite runs it against each engine (tests/search/engines).

Versions. Every operation carries a version, a number from one growing counter. An engine keeps for each id
the highest version that it has seen, deletes included, and ignores an operation with a lower one: a late
`Upsert` never brings back what a later `Delete` removed. The same version again is applied again. An ignored
operation is a success. A new index knows the versions that were written since its `start_rebuild()`.

Rebuilding. `start_rebuild()` makes an empty index beside the live one (and drops what a killed rebuild left).
`write(…, building=True)` fills it; meanwhile `write(…)` goes to both, so nothing that happens during a
rebuild is lost, and deletes that arrive early protect the new index from the older reading of the rebuild.
`finish_rebuild(expected)` puts it live in one step and keeps the one before as the previous index;
`abandon_rebuild()` drops it.

Readers. No method tells anything about a document that the `readers` (tokens) may not read: hits, counts,
facet counts and suggestions alike. `withheld` are ids that the caller knows to be theirs no longer, though the index
has yet to follow: they are treated like what nobody reads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from search.document import SearchDocument
from search.question import Need
from search.request import SearchRequest
from search.results import SearchResults

IndexState = Literal["ready", "missing", "outdated"]


@dataclass(frozen=True)
class Upsert:
    """Put this document in the index, whole."""

    document: SearchDocument
    version: int

    @property
    def id(self) -> int:
        """The document's id: both operations have one."""
        return self.document.id


@dataclass(frozen=True)
class Delete:
    """Take this id out of the index; it need not be there."""

    id: int
    version: int


Operation = Upsert | Delete


@dataclass(frozen=True)
class Indexed:
    """One document as the index really holds it: the hash is computed again from the stored fields."""

    id: int
    version: int
    content_hash: str


@dataclass(frozen=True)
class Reason:
    """Why a hit is there, in part: a word (or another wording for it) that was found, where, and what it added."""

    word: str
    field: str
    score: float


@dataclass(frozen=True)
class Explanation:
    """`score` is what the hit was ranked by: the reasons' sum and what else orders the hits, times `freshness`.

    `is_title`, `is_label`: the question is its title, or one of its terms, tags or its pôle.
    """

    score: float
    freshness: float
    reasons: tuple[Reason, ...]
    is_title: bool = False
    is_label: bool = False


@dataclass(frozen=True)
class EngineStatus:
    """For `doctor` and `/readyz`. `outdated`: made with another schema, to be rebuilt. `detail` is French."""

    reachable: bool
    index: IndexState
    documents: int
    detail: str


@dataclass(frozen=True)
class Completions:
    """What somebody who types may be after: documents by id with their titles, newest first, and labels, most
    frequent first."""

    titles: Mapping[int, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()


class EngineUnavailable(Exception):  # noqa: N818 - a state of the engine, not a fault of the caller
    """The engine cannot answer now (stopped, too slow, no index, index of another schema).

    `reason` is a French sentence for the administrator. Nothing is lost: the caller answers from the
    database, or leaves its operations waiting.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EngineUnreachable(EngineUnavailable):
    """Nobody answers, or only that he is too busy: whoever asks again at once waits again (search.engines.breaker)."""


class EngineLeftAlone(EngineUnreachable):
    """It was not even asked: what was found a moment ago holds, and stands in the log already."""


class RebuildRefused(Exception):  # noqa: N818 - an answer, as above
    """The new index was not put live: too few documents, or not the index that this rebuild started."""


class SearchEngine(ABC):
    """Every method may raise `EngineUnavailable`, save `status()`, which reports it instead."""

    name: str

    @abstractmethod
    def search(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> SearchResults:
        """One page of what `readers` may read, with exact counts; a facet's own ignore its own filter.

        By date: newest first, then by id. By pertinence: best first, equal ones by date; without words, by
        date.
        """

    @abstractmethod
    def suggest(
        self, prefix: str, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 8
    ) -> Completions:
        """Up to `limit` titles and as many labels where `prefix` begins at a word, accents and case aside."""

    @abstractmethod
    def find_ids(
        self, request: SearchRequest, readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        """The ids of all that `search` would find on all its pages, newest first; the first `DEEPEST` of them."""

    @abstractmethod
    def totals(
        self,
        request: SearchRequest,
        tries: Sequence[Mapping[str, tuple[str, ...]]],
        readers: frozenset[str],
        withheld: frozenset[int] = frozenset(),
    ) -> tuple[int, ...]:
        """How much `search` would find with each of these filters instead of the request's own."""

    @abstractmethod
    def similar(
        self, item: int, readers: frozenset[str], withheld: frozenset[int] = frozenset(), limit: int = 4
    ) -> tuple[int, ...]:
        """Ids of documents about the same, best first, without itself; none when the index does not hold it."""

    @abstractmethod
    def holdings(
        self, needs: Sequence[Need], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[int, ...]:
        """How many documents meet each of these needs, by their words' stems, and last how many there are."""

    @abstractmethod
    def near(
        self, words: Sequence[str], readers: frozenset[str], withheld: frozenset[int] = frozenset()
    ) -> tuple[Mapping[str, int], ...]:
        """For each folded word what it could be a slip of: words of the documents with the same first letter, at
        most two slips away, each with the number of documents that hold it. The word itself when it is held."""

    @abstractmethod
    def explain(
        self, request: SearchRequest, items: Sequence[int], readers: frozenset[str]
    ) -> dict[int, Explanation]:
        """Why `search` finds these documents; those that it does not find are left out."""

    @abstractmethod
    def write(self, operations: Iterable[Operation], *, building: bool = False) -> set[int]:
        """Apply the operations and return the ids that FAILED (an ignored older version has not failed).

        Goes to the live index, and first to the one being built if there is one; with `building`, to that one
        alone (`EngineUnavailable` when no rebuild is under way). Visible to searches after `refresh()` at the
        latest.
        """

    @abstractmethod
    def refresh(self) -> None:
        """Everything written before is visible to searches after."""

    @abstractmethod
    def start_rebuild(self) -> None:
        """Make an empty index to build, dropping a half-built one."""

    @abstractmethod
    def finish_rebuild(self, expected: int) -> None:
        """Put the built index live, or raise `RebuildRefused` when it holds fewer than `expected` documents.

        After a refusal the live index is as before and the built one still there: `abandon_rebuild()` drops
        it.
        """

    @abstractmethod
    def abandon_rebuild(self) -> None:
        """Drop the index being built, if there is one and no other rebuild has started it since ours."""

    @abstractmethod
    def drop(self) -> None:
        """Take every index of this engine away: for scratch indexes and tests."""

    @abstractmethod
    def scan(self) -> Iterator[Indexed]:
        """Every document of the live index, by growing id, at flat memory."""

    @abstractmethod
    def status(self) -> EngineStatus:
        """How the engine is. Never raises `EngineUnavailable`."""
