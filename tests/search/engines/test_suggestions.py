"""Completion while typing: titles and labels, from any word on, without accents or case."""

from __future__ import annotations

import datetime

import pytest

from search.engines.base import Completions, Delete, SearchEngine

from .samples import ALL, a_document, held, put


@pytest.fixture
def known(engine: SearchEngine) -> SearchEngine:
    put(
        engine,
        a_document(1, title="Préparer l’entretien d’embauche", labels=("Élèves de CAP", "PFMP")),
        a_document(2, title="Le forum des métiers", labels=("PFMP", "Élèves de CAP")),
        a_document(3, title="Forum inversé : 100 % [mixte] (v1.0)", labels=("pfmp", "élèves de cap")),
        a_document(4, title="Œuvre commune", labels=("PFMP",)),
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("prep", ["Préparer l’entretien d’embauche"]),
        ("PRÉP", ["Préparer l’entretien d’embauche"]),
        ("entretien d'emb", ["Préparer l’entretien d’embauche"]),
        ("l'ent", ["Préparer l’entretien d’embauche"]),
        ("forum", ["Le forum des métiers", "Forum inversé : 100 % [mixte] (v1.0)"]),
        ("des  met", ["Le forum des métiers"]),
        ("oeu", ["Œuvre commune"]),
        ("eleves", []),
        ("[mixte] (v1.", ["Forum inversé : 100 % [mixte] (v1.0)"]),
        ("100 % [", ["Forum inversé : 100 % [mixte] (v1.0)"]),
        ("tretien", []),
        ("zz", []),
        ("", []),
        (" ?! ", []),
    ],
)
def test_the_titles_that_are_suggested(known: SearchEngine, typed: str, titles: list[str]) -> None:
    assert list(known.suggest(typed, ALL).titles.values()) == titles


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("eleves", ("Élèves de CAP",)),
        ("CAP", ("Élèves de CAP",)),
        ("pf", ("PFMP",)),
        ("forum", ()),
        ("lèves", ()),
        ("", ()),
    ],
)
def test_the_labels_that_are_suggested(known: SearchEngine, typed: str, labels: tuple[str, ...]) -> None:
    assert known.suggest(typed, ALL).labels == labels


def test_the_newest_titles_come_first_and_the_limit_holds(known: SearchEngine) -> None:
    put(
        known,
        *(
            a_document(10 + n, title=f"Forum numéro {n}", date=datetime.date(2025, 1, 2 + n))
            for n in range(20)
        ),
    )
    assert known.suggest("forum", ALL, limit=3).titles == {
        29: "Forum numéro 19",
        28: "Forum numéro 18",
        27: "Forum numéro 17",
    }
    assert len(known.suggest("forum", ALL).titles) == 8


def test_the_most_frequent_labels_come_first_and_the_limit_holds(known: SearchEngine) -> None:
    put(
        known,
        *(a_document(10 + n, labels=(f"Forum {n % 4}", "Forum ouvert", "Petit forum")) for n in range(8)),
        a_document(30, labels=("Petit forum",)),
    )
    assert known.suggest("forum", ALL, limit=2).labels == ("Petit forum", "Forum ouvert")
    assert len(known.suggest("forum", ALL).labels) == 6


def test_what_is_gone_is_not_suggested(known: SearchEngine) -> None:
    known.write([Delete(4, version=2)])
    put(known, a_document(2, title="Un autre titre"), version=2)
    assert known.suggest("oeuvre", ALL) == Completions()
    assert known.suggest("forum des", ALL) == Completions()
    assert known.suggest("autre", ALL).titles == {2: "Un autre titre"}


def test_what_may_not_be_read_is_not_suggested(known: SearchEngine) -> None:
    put(known, a_document(5, title="Zibeline", labels=("Zibeline rare",), readers=("pole:1",)))
    assert known.suggest("zib", ALL) == Completions()
    read = Completions({5: "Zibeline"}, ("Zibeline rare",))
    assert known.suggest("zib", frozenset({"pole:1"})) == read
    assert known.suggest("zib", frozenset({"pole:1"}), frozenset({5})) == Completions()
    assert known.suggest("zib", frozenset()) == Completions()


@pytest.mark.parametrize(
    "typed",
    [
        "*",
        ".*",
        "a|b",
        "\\",
        '"',
        "x" * 10_000,
        "é" * 500,
        "\x00pf",
        "😀",
        "\u202eabc",
        "~",
        "#@&<>",
        "\ud800",
    ],
)
def test_hostile_typing_is_only_text(known: SearchEngine, typed: str) -> None:
    assert known.suggest(typed, ALL) in (Completions(), Completions(labels=("PFMP",)))


def test_a_title_as_long_as_a_page_is_kept_but_not_suggested(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="Interminable " * 3000))
    assert engine.suggest("interm", ALL) == Completions()
    assert held(engine) == 1
