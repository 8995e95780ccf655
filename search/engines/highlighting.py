"""Marking the words that were found: text and positions in, segments out.

No markup is ever made here. A segment is plain text and a flag, so what a person wrote stays what it is, and
the template decides how a found word looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from search.results import Segment

SNIPPET = 200
"""Characters of a snippet, about."""

START, END = "\x02", "\x03"
"""Stand around found words in an engine's answer; `clean_text` lets neither into a document."""

_LEAD = 60
_ELLIPSIS = "…"

Segments = tuple[Segment, ...]


def segments(text: str, spans: Iterable[tuple[int, int]]) -> Segments:
    """`text` cut at `spans`, the (start, end) of the found words in characters, sorted and apart."""
    parts: list[Segment] = []
    done = 0
    for start, end in spans:
        parts += [Segment(text[done:start], found=False), Segment(text[start:end], found=True)]
        done = end
    parts.append(Segment(text[done:], found=False))
    return tuple(part for part in parts if part.text)


def marked_segments(marked: str) -> Segments:
    """The same from a text in which each found word stands between `START` and `END`."""
    parts: list[Segment] = []
    for piece in marked.split(START):
        found, closed, rest = piece.partition(END)
        parts += (
            [Segment(found, found=True), Segment(rest, found=False)]
            if closed
            else [Segment(piece, found=False)]
        )
    return tuple(part for part in parts if part.text)


def has_found(parts: Segments) -> bool:
    """Is any word marked?"""
    return any(part.found for part in parts)


def shorten(parts: Segments) -> Segments:
    """An excerpt of what is already marked, around the first found word."""
    text = "".join(part.text for part in parts)
    spans = _spans(parts)
    start, end = _stretch(text, spans[0][0] if spans else 0)
    kept = [(a - start, min(b, end) - start) for a, b in spans if start <= a < end]
    return _with_ellipses(segments(text[start:end], kept), before=start > 0, after=end < len(text))


def excerpt(text: str, position: int, mark: Callable[[str], Segments]) -> Segments:
    """About `SNIPPET` characters around `position`, cut between words, marked, with « … » where it is cut."""
    start, end = _stretch(text, position)
    return _with_ellipses(mark(text[start:end]), before=start > 0, after=end < len(text))


def fragment(parts: Segments) -> Segments:
    """A stretch that an engine cut out of a longer text, with « … » where it was cut inside a sentence."""
    text = "".join(part.text for part in parts)
    if not text:
        return parts
    return _with_ellipses(parts, before=text[0].islower(), after=text[-1] not in ".!?…»")


def snippet(summary: Segments, body: Segments) -> Segments:
    """The summary, unless the words were found in the body alone, or there is no summary."""
    if not summary or (has_found(body) and not has_found(summary)):
        return body
    return shorten(summary)


def _spans(parts: Segments) -> list[tuple[int, int]]:
    spans, position = [], 0
    for part in parts:
        if part.found:
            spans.append((position, position + len(part.text)))
        position += len(part.text)
    return spans


def _stretch(text: str, position: int) -> tuple[int, int]:
    """Where the excerpt around `position` begins and ends: at spaces, unless a « word » is too long."""
    if len(text) <= SNIPPET:
        return 0, len(text)
    start = max(0, min(position - _LEAD, len(text) - SNIPPET))
    if start and (space := text.find(" ", start - 1, position)) >= 0:
        start = space + 1
    end = min(len(text), start + SNIPPET)
    if end < len(text) and (space := text.rfind(" ", start + SNIPPET * 2 // 3, end + 1)) >= 0:
        end = space
    return start, end


def _with_ellipses(parts: Segments, *, before: bool, after: bool) -> Segments:
    lead = (Segment(_ELLIPSIS, found=False),) if before else ()
    tail = (Segment(_ELLIPSIS, found=False),) if after else ()
    return (*lead, *parts, *tail)
