"""Is an answer right, and what is said of it: every sort of question, from both sides."""

from __future__ import annotations

import pytest

from kb.learning.grading import INCOMPLETE, Mark, mark, passed
from resources.training.quiz import Answer, Question, Sort


def question(sort: Sort, *answers: tuple[str, bool], feedback: str = "", hint: str = "") -> Question:
    rows = tuple(Answer(str(n), text, right, f"Retour {n}") for n, (text, right) in enumerate(answers))
    return Question("q", sort, "Une […] question", rows, feedback, hint)


def test_a_single_choice() -> None:
    asked = question(Sort.SINGLE, ("non", False), ("oui", True))
    assert mark(asked, ["1"]) == Mark(True, (("", "Retour 1"),))
    assert mark(asked, ["0"]) == Mark(False, (("", "Retour 0"),))


def test_a_multiple_choice_wants_all_that_is_right_and_nothing_else() -> None:
    asked = question(Sort.MULTIPLE, ("a", True), ("b", True), ("c", False))
    assert mark(asked, ["1", "0"]).right
    some = mark(asked, ["0"])
    assert not some.right
    assert some.feedback == (("a", "Retour 0"), ("", INCOMPLETE))
    mixed = mark(asked, ["0", "1", "2"])
    assert not mixed.right
    assert ("c", "Retour 2") in mixed.feedback
    assert ("", INCOMPLETE) not in mixed.feedback


def test_an_order_is_right_as_a_whole() -> None:
    asked = question(Sort.ORDERING, ("a", True), ("b", True), ("c", True), feedback="Oui.", hint="Piste.")
    assert mark(asked, ["0", "1", "2"]) == Mark(True, (("", "Oui."),))
    assert mark(asked, ["0", "2", "1"]) == Mark(False, (("", "Piste."),))


@pytest.mark.parametrize("word", ["école", "Ecole", " ECOLE ", "école.", "« école »"])
def test_a_gap_takes_a_word_as_people_write_it(word: str) -> None:
    asked = question(Sort.GAP, ("École", True), ("lycée", False), hint="Piste.")
    assert mark(asked, [word]) == Mark(True, (("", "Retour 0"),))


def test_a_gap_knows_the_frequent_mistakes() -> None:
    asked = question(Sort.GAP, ("École", True), ("lycée", False), hint="Piste.")
    assert mark(asked, ["lycee"]) == Mark(False, (("", "Retour 1"),))
    assert mark(asked, ["usine"]) == Mark(False, (("", "Piste."),))


@pytest.mark.parametrize(
    ("right", "asked", "pass_mark", "enough"),
    [
        (7, 10, 70, True),
        (6, 10, 70, False),
        (2, 3, 70, False),
        (2, 3, 66, True),
        (0, 3, 1, False),
        (3, 3, 100, True),
        (0, 0, 70, True),
    ],
)
def test_the_pass_mark(right: int, asked: int, pass_mark: int, enough: bool) -> None:
    marks = [Mark(n < right, ()) for n in range(asked)]
    assert passed(marks, pass_mark) is enough
