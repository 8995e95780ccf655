"""Single documents for the tests that are about one thing."""

from __future__ import annotations

import datetime
from typing import Any

from search.document import SearchDocument
from search.engines.base import SearchEngine, Upsert
from search.request import SearchRequest

ALL = frozenset({"all"})


def a_document(item: int = 1, **changes: Any) -> SearchDocument:
    """A plain public document; name only what matters to the test."""
    fields: dict[str, Any] = {
        "id": item,
        "kind": "teaching",
        "title": f"Titre {item}",
        "summary": "",
        "body": "",
        "labels": (),
        "url": f"/ressources/{item}/",
        "date": datetime.date(2025, 1, 1),
        "readers": ("all",),
        "facets": {},
    }
    return SearchDocument(**(fields | changes))


def make_empty(engine: SearchEngine) -> SearchEngine:
    """The same engine with an empty live index, made as a rebuild of nothing makes it."""
    engine.start_rebuild()
    engine.finish_rebuild(expected=0)
    return engine


def held(engine: SearchEngine) -> int:
    """How many documents the live index holds, for all readers."""
    return engine.status().documents


def put(engine: SearchEngine, *held: SearchDocument, version: int = 1) -> None:
    """Write and see them."""
    assert engine.write(Upsert(document, version) for document in held) == set()
    engine.refresh()


def found_ids(engine: SearchEngine, q: str = "", readers: frozenset[str] = ALL, **asked: Any) -> list[int]:
    """The ids of the first page."""
    return [hit.id for hit in engine.search(SearchRequest(q=q, **asked), readers).hits]
