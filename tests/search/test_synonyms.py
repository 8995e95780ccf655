"""Rules of synonyms: how a line is read, what a question then finds, and that the shipped list holds together."""

from __future__ import annotations

import pytest

from search.synonyms import MOST_ENTRIES, MOST_WORDS, Rule, Synonyms, shipped_rules


def found(line: str, *asked: str) -> set[str]:
    return {" ".join(wording) for wording in Synonyms([Rule.read(line)]).of(asked)}


def test_each_entry_of_a_line_finds_the_others() -> None:
    line = "PFMP, période de formation, stage"
    assert found(line, "pfmp") == {"periode de formation", "stage"}
    assert found(line, "periode", "de", "formation") == {"pfmp", "stage"}


def test_an_arrow_has_no_return() -> None:
    line = "planning, agenda => calendrier"
    assert found(line, "planning") == found(line, "agenda") == {"calendrier"}
    assert found(line, "calendrier") == set()


def test_entries_are_folded_and_counted_once() -> None:
    rule = Rule.read(" Élève ,eleve, l’apprenti ,, ")
    assert rule.asked == (("eleve",), ("l", "apprenti"))


def test_a_plain_plural_is_the_same_entry() -> None:
    line = "chef de travaux, DDFPT"
    assert found(line, "chefs", "de", "travaux") == {"ddfpt"}
    assert found(line, "ddfpts") == {"chef de travaux"}
    # A short word keeps its s: « bus » is no plural.
    assert found("bus, car", "bu") == set()


def test_rules_add_up() -> None:
    known = Synonyms(
        [Rule.read("stage => pfmp"), Rule.read("stage => stagiaire"), Rule.read("cci, chambre de commerce")]
    )
    assert known.of(("stage",)) == (("pfmp",), ("stagiaire",))
    assert known.longest == 3
    assert Synonyms(()).longest == 0


@pytest.mark.parametrize("line", ["", "stage", "stage,", "stage, Stage", " , "])
def test_one_entry_is_none(line: str) -> None:
    with pytest.raises(
        ValueError, match="Écrivez au moins deux mots ou expressions, séparés par des virgules"
    ):
        Rule.read(line)


@pytest.mark.parametrize("line", ["=>", "stage =>", "=> stage", "… => stage"])
def test_an_arrow_needs_both_sides(line: str) -> None:
    with pytest.raises(ValueError, match="Écrivez un mot ou une expression de chaque côté"):
        Rule.read(line)


@pytest.mark.parametrize(
    "line",
    [
        ", ".join(f"mot{number}" for number in range(MOST_ENTRIES + 1)),
        f"stage, {'très ' * MOST_WORDS}long",
    ],
)
def test_a_line_has_an_end(line: str) -> None:
    with pytest.raises(ValueError, match="20 expressions au plus, une expression 8 mots au plus"):
        Rule.read(line)


def test_the_shipped_list() -> None:
    """Every line is a rule, and none stands there twice."""
    rules = shipped_rules()
    assert len(rules) > 100
    assert len(set(rules)) == len(rules)
