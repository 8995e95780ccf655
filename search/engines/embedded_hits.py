"""Hits of the embedded index with their found words marked.

tantivy finds where in a long body the words stand; the marking is done on the stretch that is shown, with the
analyser that the words were indexed with. Its own positions count bytes, ours count characters.
"""

from __future__ import annotations

import datetime
from typing import Any

from tantivy import DocAddress, Document, Query, Searcher, SnippetGenerator

from search.engines.embedded_query import terms_of
from search.engines.embedded_schema import ANALYSERS, EXACT, SCHEMA, STEMMED
from search.engines.highlighting import SNIPPET, Segments, excerpt, has_found, segments, snippet
from search.question import Question, Wording
from search.results import Hit


def hits_of(
    searcher: Searcher, question: Question, words: Query, addresses: list[DocAddress]
) -> tuple[Hit, ...]:
    """The documents at `addresses`, in that order; `words` is the query that found them."""
    marker = _Marker(searcher, question, words)
    return tuple(marker.hit(searcher.doc(address)) for address in addresses)


class _Marker:
    """Marks the words of one question, and the other wordings for them."""

    def __init__(self, searcher: Searcher, question: Question, words: Query) -> None:
        wordings: list[Wording] = [(word,) for word in question.words]
        wordings += [wording for need in question.needs for wording in need.others]
        stems = {tuple(terms_of(" ".join(wording), STEMMED)) for wording in wordings} - {()}
        # A question of stop words alone is searched, and so marked, by its whole words.
        self._analyser = ANALYSERS[STEMMED if stems else EXACT]
        wanted = stems or {tuple(terms_of(" ".join(wording), EXACT)) for wording in wordings}
        self._wanted: dict[str, list[tuple[str, ...]]] = {}
        for wording in sorted(wanted - {()}, key=len, reverse=True):
            self._wanted.setdefault(wording[0], []).append(wording)
        self._locator = SnippetGenerator.create(searcher, words, SCHEMA, "body")
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
        tokens = self._analyser.pre_tokenize(text).tokens if self._wanted else []
        stems = [token.text for token in tokens]
        spans: list[tuple[int, int]] = []
        place = 0
        while place < len(stems):
            wordings = self._wanted.get(stems[place], ())
            length = next((len(w) for w in wordings if tuple(stems[place : place + len(w)]) == w), 0)
            if length:
                spans.append((tokens[place].char_offset_from, tokens[place + length - 1].char_offset_to))
            place += length or 1
        return segments(text, spans)

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
