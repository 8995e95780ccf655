"""Which words are right: those of the dictionary and of the field, and none of them is ever taken for a slip."""

from __future__ import annotations

import pytest

from search.analysis import fold, words_of
from search.engines.base import SearchEngine
from search.understanding import corrections
from search.words import is_known

from .engines.samples import ALL, a_document, put

#: Correct words of the field that no item of the demonstration uses.
UNUSED = (
    "habilitation électrique",
    "gratifications",
    "échafaudeur",
    "monteuse-câbleuse",
    "métallerie",
    "hygrométrie",
    "ergonomie",
    "soudage",
    "intérimaire",
    "alternante",
    "apprenante",
    "certification",
    "référentiels",
    "tutrices",
    "décrocheuse",
    "présentiel",
    "distanciel",
    "cointervention",
    "coanimation",
    "autopositionnement",
    "interclassement",
    "immersion",
    "rétroplanning",
    "zingueur",
    "carrossier",
    "plâtrière",
    "horticultrice",
    "sommelière",
    "ambulancière",
    "aide-soignant",
    "manutentionnaire",
    "DUERP",
    "RQTH",
    "Parcoursup",
)


@pytest.mark.parametrize(
    "word", ["eleve", "stage", "convention", "gratification", "oeuvre", "zythum", "ddfpt", "foad"]
)
def test_known(word: str) -> None:
    assert is_known(word)


@pytest.mark.parametrize("word", ["", "convetion", "stgae", "élève", "zzz", "#", "eleve\nstage", "aaaaaaa"])
def test_unknown(word: str) -> None:
    """Words are asked folded; the lines at the head of the file are no words."""
    assert not is_known(word)


def test_the_words_of_the_field_are_known() -> None:
    assert len(UNUSED) >= 30
    assert [part for word in UNUSED for part in words_of(word) if not is_known(fold(part))] == []


def near_misses(text: str) -> str:
    """The same words with one letter more: what a careless correction would make of them."""
    return " ".join(f"{fold(word)}z" for word in words_of(text))


def test_none_is_corrected(any_engine: SearchEngine) -> None:
    """Though the index holds a word one slip away from each, and not the word itself."""
    put(any_engine, a_document(1, title="Les mots", body=" ".join(map(near_misses, UNUSED))))
    assert {word: found for word in UNUSED if (found := corrections(word, any_engine, ALL))} == {}


def test_a_slip_is(any_engine: SearchEngine) -> None:
    put(any_engine, a_document(1, title="La convention"))
    assert corrections("convetion", any_engine, ALL) == {"convetion": "convention"}
