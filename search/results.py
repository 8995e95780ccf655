"""What an engine answers. No text here holds markup: the template wraps the found segments in `<mark>`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Segment:
    """A stretch of plain text; `found` when it is a word that was asked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Hit:
    """One found item. `snippet` is about 200 characters of the summary or the body around the words found.

    `restricted` says who else may read it, as lists do; `pinned` that the coordination chose it for this question
    (search.best_bets). The database knows, not the index.
    """

    id: int
    kind: str
    title: str
    summary: str
    url: str
    date: datetime.date
    title_segments: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    restricted: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class SearchResults:
    """`facets` maps every facet's name to {value: count}: counts above 0, largest first, then by value.

    `count` is exact and over all pages. `correction`: the text that was searched, when a word of the question was
    taken for a slip. `nearest`: what meets some of the question, where the hits of a first page are few; they are not
    counted. `reduced`: the answer came from the database because no engine could give one.
    """

    count: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    correction: str | None = None
    nearest: tuple[Hit, ...] = ()
    reduced: bool = False
