"""Segments and snippets, without any engine."""

from __future__ import annotations

import pytest

from search.engines.highlighting import (
    SNIPPET,
    Segments,
    excerpt,
    fragment,
    marked_segments,
    segments,
    shorten,
    snippet,
)
from search.results import Segment


def _plain(text: str) -> Segments:
    return (Segment(text, found=False),)


def _text(parts: Segments) -> str:
    return "".join(part.text for part in parts)


def test_spans_cut_a_text() -> None:
    expected = (Segment("un ", False), Segment("mot", True), Segment(" ou ", False), Segment("deux", True))
    assert segments("un mot ou deux", [(3, 6), (10, 14)]) == expected
    assert marked_segments("un \x02mot\x03 ou \x02deux\x03") == expected
    assert segments("", []) == marked_segments("") == ()


@pytest.mark.parametrize("position", [0, 1, 100, 500, 990, 999])
@pytest.mark.parametrize(
    "text", ["mot " * 250, "x" * 1000, "phrase plus longue, avec des mots. " * 28], ids=len
)
def test_an_excerpt_is_short_holds_its_position_and_ends_at_words(text: str, position: int) -> None:
    position = min(position, len(text) - 1)
    marked: list[str] = []
    shown = _text(excerpt(text, position, lambda piece: marked.append(piece) or _plain(piece)))  # type: ignore[func-returns-value]
    [piece] = marked
    start = text.index(piece) if len(set(text)) > 5 else 0
    assert len(piece) <= SNIPPET
    assert len(piece) > SNIPPET // 2
    assert shown.strip("…") == piece
    if " " in text:
        assert set(piece.split()) <= set(text.split())
    assert start <= position


def test_a_short_text_is_not_cut() -> None:
    assert shorten(_plain("court")) == _plain("court")
    assert excerpt("court", 2, _plain) == _plain("court")


def test_a_long_text_is_cut_around_the_first_found_word() -> None:
    text = "phrase banale " * 40 + "zibeline " + "phrase banale " * 40
    at = text.index("zibeline")
    cut = shorten(segments(text, [(at, at + 8)]))
    assert [part.text for part in cut if part.found] == ["zibeline"]
    assert cut[0] == cut[-1] == Segment("…", found=False)


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("Une phrase.", "Une phrase."),
        ("au milieu d’une", "…au milieu d’une…"),
        ("Un début", "Un début…"),
        ("", ""),
    ],
)
def test_a_fragment_shows_where_it_was_cut(piece: str, shown: str) -> None:
    assert _text(fragment(segments(piece, ()))) == shown


def test_which_text_becomes_the_snippet() -> None:
    plain, found = _plain("sans"), (Segment("avec", found=True),)
    assert snippet(plain, found) == found
    assert snippet(found, found) == found
    assert snippet(plain, plain) == plain
    assert snippet((), plain) == plain
    assert snippet((), ()) == ()
