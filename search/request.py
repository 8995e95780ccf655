"""What is asked of an engine: a frozen request, built by the search form from the query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from search.facets import FACET_NAMES
from search.question import Question

Sort = Literal["pertinence", "date"]
SORTS: tuple[str, ...] = get_args(Sort)

PAGE_SIZE = 20
DEEPEST = 10_000
"""No engine is asked for a hit beyond this rank: Elasticsearch ends there (from + size)."""


@dataclass(frozen=True)
class SearchRequest:
    """`filters` maps a facet's name to the values asked for: OR inside one facet, AND across facets.

    An empty `q` asks for all documents. `as_typed`: no word is taken for a slip. `question` is what `q` was understood
    as; without one its words are searched as they are. `text_alone`: freshness counts for nothing (measures of the
    text ranking). Raises ValueError on what the form would have refused.
    """

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "pertinence"
    page: int = 1
    page_size: int = PAGE_SIZE
    as_typed: bool = False
    question: Question | None = None
    text_alone: bool = False

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"unknown sort: {self.sort!r}")
        if self.page < 1 or self.page_size < 1 or self.page * self.page_size > DEEPEST:
            raise ValueError(f"page out of range: {self.page} × {self.page_size}")
        if unknown := set(self.filters) - set(FACET_NAMES):
            raise ValueError(f"unknown facets: {sorted(unknown)}")
        object.__setattr__(self, "filters", {name: tuple(v) for name, v in self.filters.items() if v})

    @property
    def understood(self) -> Question:
        """What `q` means."""
        return self.question or Question.plain(self.q)

    @property
    def is_ranked(self) -> bool:
        """Does the best come first, or the newest?"""
        return self.sort == "pertinence" and bool(self.q.strip())

    @property
    def offset(self) -> int:
        """How many hits stand before this page."""
        return (self.page - 1) * self.page_size
