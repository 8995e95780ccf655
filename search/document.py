"""What one item looks like to any engine.

A `SearchDocument` is clean when it exists: its texts are NFC without control characters, its readers and
facet values sorted without repeats. Two documents that say the same thing are therefore equal and have the
same `content_hash`, whichever engine gave them back.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from search.facets import FACET_NAMES

Kind = Literal["teaching", "training", "practice"]
KINDS: tuple[str, ...] = get_args(Kind)

LARGEST_ID = 2**32 - 1
"""The embedded engine packs date and id into one sort key, so an id has 32 bits."""

# Controls (Cc) but tab and line feed, the soft hyphen, surrogates (Cs). One pass of a regular expression: a look at
# each character took half of a rebuild.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff]+")


def clean_text(text: str) -> str:
    """NFC, without control characters, soft hyphens and lone surrogates: no engine can store or show them."""
    return _UNWANTED.sub("", unicodedata.normalize("NFC", text))


@dataclass(frozen=True)
class SearchDocument:
    """One published item. `facets` maps a facet's name to its values (slugs) and always holds `kind`.

    Raises ValueError on an unknown kind or facet, an id out of range, or no reader at all.
    """

    id: int
    kind: Kind
    title: str
    summary: str
    body: str
    labels: tuple[str, ...]
    url: str
    date: datetime.date
    readers: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind: {self.kind!r}")
        if not 0 < self.id <= LARGEST_ID:
            raise ValueError(f"id out of range: {self.id!r}")
        if unknown := set(self.facets) - set(FACET_NAMES):
            raise ValueError(f"unknown facets: {sorted(unknown)}")
        if not self.readers:
            raise ValueError(f"document {self.id} has no reader")
        for name in ("title", "summary", "body", "url"):
            self._set(name, clean_text(getattr(self, name)))
        self._set("labels", tuple(dict.fromkeys(filter(None, map(clean_text, self.labels)))))
        self._set("readers", _sorted(self.readers))
        given = {**self.facets, "kind": (self.kind,)}
        self._set("facets", {name: _sorted(given[name]) for name in FACET_NAMES if given.get(name)})

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the canonical JSON of every field."""
        content = {field.name: getattr(self, field.name) for field in fields(self)}
        content["date"] = self.date.isoformat()
        return canonical_hash(content)


def canonical_hash(content: Any) -> str:
    """SHA-256 (hex) of `content` as JSON with sorted keys and no space."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
