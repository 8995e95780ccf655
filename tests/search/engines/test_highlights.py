"""The words that were found are marked, in plain text, where they stand."""

from __future__ import annotations

import pytest

from search.engines.base import SearchEngine
from search.request import SearchRequest
from search.results import Hit, Segment

from .samples import ALL, a_document, put


def _hit(engine: SearchEngine, q: str) -> Hit:
    [hit] = engine.search(SearchRequest(q=q), ALL).hits
    return hit


def _text(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def _found(segments: tuple[Segment, ...]) -> list[str]:
    return [segment.text for segment in segments if segment.found]


@pytest.mark.parametrize(
    ("title", "q", "found"),
    [
        ("L’élève et les ÉLÈVES", "eleve", ["élève", "ÉLÈVES"]),
        ("Préparer, c’est la préparation", "préparer", ["Préparer", "préparation"]),
        ("😀 Le cœur du métier 👩‍🏫", "coeur metier", ["cœur", "métier"]),
        ("<b>stage</b> & « stage » \" ' <script>", "stage", ["stage", "stage"]),
        ("Le stage", "???  stage", ["stage"]),
        ("Être ou ne pas être", "être", ["Être", "être"]),
    ],
)
def test_found_words_of_a_title(engine: SearchEngine, title: str, q: str, found: list[str]) -> None:
    put(engine, a_document(1, title=title))
    segments = _hit(engine, q).title_segments
    assert _found(segments) == found
    assert _text(segments) == title


def test_nothing_is_marked_when_nothing_was_asked(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="Un titre", summary="Un résumé", body="Un corps"))
    hit = _hit(engine, "")
    assert hit.title_segments == (Segment("Un titre", found=False),)
    assert hit.snippet == (Segment("Un résumé", found=False),)


def test_the_snippet_is_the_summary_when_it_holds_a_word(engine: SearchEngine) -> None:
    put(engine, a_document(1, summary="Une zibeline ici.", body="Une zibeline là."))
    assert _text(_hit(engine, "zibeline").snippet) == "Une zibeline ici."
    assert _found(_hit(engine, "zibeline").snippet) == ["zibeline"]


def test_the_snippet_is_the_stretch_of_the_body_that_holds_the_word(engine: SearchEngine) -> None:
    filler = "Le tuteur accueille l’élève à l’atelier. "
    body = filler * 100 + "Une zibeline <b>passe</b> dans la cour. " + filler * 100
    put(engine, a_document(1, summary="Rien de tel.", body=body))
    snippet = _hit(engine, "zibelines").snippet
    assert _found(snippet) == ["zibeline"]
    assert 60 < len(_text(snippet)) < 260
    assert _text(snippet).strip("…") in body


def test_a_body_as_long_as_a_book(engine: SearchEngine) -> None:
    put(engine, a_document(1, body="Il y a une zibeline. " + "encore un mot " * 100_000 + "hermine"))
    assert _found(_hit(engine, "zibeline").snippet) == ["zibeline"]
    assert len(_text(_hit(engine, "hermine").snippet)) < 260


def test_a_long_summary_is_cut_around_the_word(engine: SearchEngine) -> None:
    summary = "phrase banale " * 60 + "zibeline " + "phrase banale " * 60
    put(engine, a_document(1, summary=summary))
    snippet = _hit(engine, "zibeline").snippet
    assert _found(snippet) == ["zibeline"]
    assert _text(snippet).startswith("…")
    assert _text(snippet).endswith("…")
    assert len(_text(snippet)) <= 202


def test_without_a_summary_the_snippet_is_the_beginning_of_the_body(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="zibeline", body="Il était une fois " * 50))
    text = _text(_hit(engine, "zibeline").snippet)
    assert text.startswith("Il était une fois")
    assert text.endswith("…")
    assert len(text) < 260


def test_a_word_found_in_a_label_alone_leaves_the_texts_unmarked(engine: SearchEngine) -> None:
    put(engine, a_document(1, summary="Un résumé", labels=("Zibeline",)))
    hit = _hit(engine, "zibeline")
    assert _found(hit.title_segments) == _found(hit.snippet) == []


def test_the_words_of_a_filter_are_not_marked(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="all teaching stage", facets={"tag": ("stage",)}))
    [hit] = engine.search(SearchRequest(q="teaching", filters={"tag": ("stage",)}), ALL).hits
    assert _found(hit.title_segments) == ["teaching"]
