"""Folding, the words of a question and the keys of a suggestion, without any engine."""

from __future__ import annotations

import pytest

from search.analysis import (
    MOST_WORDS,
    STOP_WORDS,
    fold,
    label_keys,
    labels_of,
    query_words,
    suggestion_keys,
    suggestion_prefix,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élève", "eleve"),
        ("ŒUVRE", "oeuvre"),
        ("ça", "ca"),
        ("l’Été", "l'ete"),
        ("3ᵉ", "3e"),
        ("Tromsø", "tromso"),
        ("Łódź", "lodz"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("l’entreprise et le tuteur", ["entreprise", "tuteur"]),
        ("Élève ELEVE eleve", ["Élève"]),
        ("C++ :", ["C"]),
        ("le la les", ["le", "la", "les"]),
        ("???", []),
        ("", []),
        ("x" * 65, []),
        ("été", ["été"]),
        ("à côté", ["côté"]),
    ],
)
def test_query_words(q: str, words: list[str]) -> None:
    assert query_words(q) == words


def test_a_pasted_page_is_a_question_of_its_first_words() -> None:
    assert query_words(" ".join(f"mot{n}" for n in range(1000))) == [f"mot{n}" for n in range(MOST_WORDS)]


def test_the_stop_words_are_folded() -> None:
    assert {fold(word) for word in STOP_WORDS} == STOP_WORDS
    assert {"a", "le", "etait", "meme"} < STOP_WORDS
    assert "ete" not in STOP_WORDS


def test_the_keys_of_a_title_begin_at_each_word() -> None:
    assert suggestion_keys("L’élève  de\nCAP") == ("l'eleve de cap", "eleve de cap", "de cap", "cap")


def test_the_key_of_a_label_tells_the_label() -> None:
    assert label_keys(["Élève  de CAP", "PFMP", "pfmp", "PFMP"]) == [
        "eleve de cap\x1fÉlève de CAP",
        "de cap\x1fÉlève de CAP",
        "cap\x1fÉlève de CAP",
        "pfmp\x1fPFMP",
        "pfmp\x1fpfmp",
    ]


def test_what_was_typed_begins_at_its_first_word() -> None:
    assert suggestion_prefix(" « Élè") == "ele"
    assert suggestion_prefix("?!") == ""


def test_labels_that_differ_by_accents_are_one() -> None:
    keys = ["ele\x1fÉlève", "ele\x1fELEVE", "ete\x1fÉté", "eta\x1fÉtape"]
    assert labels_of(keys, 2) == ("Élève", "Été")
