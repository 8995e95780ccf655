"""Hits of the embedded index with their found words marked.

tantivy finds where in a long body the words stand; the marking is done on the stretch that is shown, with the
analyser that the words were indexed with. Its own positions count bytes, ours count characters.
"""

from __future__ import annotations

import datetime
from typing import Any

from tantivy import DocAddress, Document, Searcher, SnippetGenerator

from search.engines.embedded_query import terms_of, words_query
from search.engines.embedded_schema import ANALYSERS, EXACT, SCHEMA, STEMMED
from search.engines.highlighting import SNIPPET, Segments, excerpt, has_found, segments, snippet
from search.results import Hit


def hits_of(searcher: Searcher, q: str, addresses: list[DocAddress]) -> tuple[Hit, ...]:
    """The documents at `addresses`, in that order."""
    marker = _Marker(searcher, q)
    return tuple(marker.hit(searcher.doc(address)) for address in addresses)


class _Marker:
    """Marks the words of one question."""

    def __init__(self, searcher: Searcher, q: str) -> None:
        stems = terms_of(q, STEMMED)
        # A question of stop words alone is searched, and so marked, by its whole words.
        self._analyser = ANALYSERS[STEMMED if stems else EXACT]
        self._wanted = frozenset(stems or terms_of(q, EXACT))
        self._locator = SnippetGenerator.create(searcher, words_query(q), SCHEMA, "body")
        self._locator.set_max_num_chars(SNIPPET)

    def hit(self, held: Document) -> Hit:
        title, summary = _text(held, "title"), self._mark(_text(held, "summary"))
        return Hit(
            id=_first(held, "id"),
            kind=_first(held, "facet_kind"),
            title=title,
            summary=_text(held, "summary"),
            url=_text(held, "url"),
            date=datetime.date.fromordinal(_first(held, "day")),
            title_segments=self._mark(title),
            snippet=snippet(summary, () if has_found(summary) else self._body(held)),
        )

    def _mark(self, text: str) -> Segments:
        tokens = self._analyser.pre_tokenize(text).tokens if self._wanted else ()
        return segments(
            text, [(t.char_offset_from, t.char_offset_to) for t in tokens if t.text in self._wanted]
        )

    def _body(self, held: Document) -> Segments:
        body, located = _text(held, "body"), self._locator.snippet_from_doc(held)
        found = located.highlighted()
        before = located.fragment_range().start + found[0].start if found else 0
        position = len(body.encode()[:before].decode())
        return excerpt(body, position, self._mark)


def _first(held: Document, field: str) -> Any:
    return held[field][0]


def _text(held: Document, field: str) -> str:
    return str(_first(held, field))
