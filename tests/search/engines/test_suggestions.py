"""Completion while typing: titles and labels, from any word on, without accents or case."""

from __future__ import annotations

import pytest

from search.engines.base import Delete, SearchEngine

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
    ("typed", "suggested"),
    [
        ("prep", ["Préparer l’entretien d’embauche"]),
        ("PRÉP", ["Préparer l’entretien d’embauche"]),
        ("entretien d'emb", ["Préparer l’entretien d’embauche"]),
        ("l'ent", ["Préparer l’entretien d’embauche"]),
        ("forum", ["Le forum des métiers", "Forum inversé : 100 % [mixte] (v1.0)"]),
        ("des  met", ["Le forum des métiers"]),
        ("oeu", ["Œuvre commune"]),
        ("eleves", ["Élèves de CAP"]),
        ("pf", ["PFMP"]),
        ("[mixte] (v1.", ["Forum inversé : 100 % [mixte] (v1.0)"]),
        ("100 % [", ["Forum inversé : 100 % [mixte] (v1.0)"]),
        ("tretien", []),
        ("zz", []),
        ("", []),
        (" ?! ", []),
    ],
)
def test_what_is_suggested(known: SearchEngine, typed: str, suggested: list[str]) -> None:
    assert known.suggest(typed, ALL) == suggested


def test_the_most_frequent_come_first_and_the_limit_holds(known: SearchEngine) -> None:
    put(known, *(a_document(10 + n, title=f"Forum numéro {n}", labels=("Forum ouvert",)) for n in range(20)))
    assert known.suggest("forum", ALL, limit=3)[0] == "Forum ouvert"
    assert len(known.suggest("forum", ALL, limit=3)) == 3
    assert len(known.suggest("forum", ALL)) == 8


def test_what_is_gone_is_not_suggested(known: SearchEngine) -> None:
    known.write([Delete(4, version=2)])
    put(known, a_document(2, title="Un autre titre"), version=2)
    assert known.suggest("oeuvre", ALL) == []
    assert known.suggest("forum des", ALL) == []
    assert known.suggest("autre", ALL) == ["Un autre titre"]


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
    assert known.suggest(typed, ALL) in ([], ["PFMP"])


def test_a_title_as_long_as_a_page_is_kept_but_not_suggested(engine: SearchEngine) -> None:
    put(engine, a_document(1, title="Interminable " * 3000))
    assert engine.suggest("interm", ALL) == []
    assert held(engine) == 1
