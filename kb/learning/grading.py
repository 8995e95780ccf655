"""Is an answer right, and what is said of it? Pure: the questions come from `resources`, what was given from a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.core.folding import fold
from resources.training.quiz import Answer, Question, Sort

INCOMPLETE = "Il manque une bonne réponse, au moins."


@dataclass(frozen=True)
class Mark:
    """`feedback`: what is said of each thing that was chosen, (answer, remark); the answer may be empty."""

    right: bool
    feedback: tuple[tuple[str, str], ...]


def mark(question: Question, given: Sequence[str]) -> Mark:
    """`given`: ids of the chosen answers; of an ordering, its steps' ids as they were placed; of a gap, the word."""
    if question.sort is Sort.ORDERING:
        right = tuple(given) == tuple(step.id for step in question.answers)
        return Mark(right, (("", question.feedback if right else question.hint),))
    if question.sort is Sort.GAP:
        return _mark_gap(question, given[0] if given else "")
    chosen = [answer for answer in question.answers if answer.id in given]
    wanted = {answer.id for answer in question.answers if answer.right}
    right = {answer.id for answer in chosen} == wanted
    remarks = [(_named(question, answer), answer.feedback) for answer in chosen]
    if not right and all(answer.right for answer in chosen):
        remarks.append(("", INCOMPLETE))
    return Mark(right, tuple(remarks))


def passed(marks: Sequence[Mark], pass_mark: int) -> bool:
    """`pass_mark` in hundredths of all questions."""
    return sum(mark.right for mark in marks) * 100 >= pass_mark * len(marks)


def _named(question: Question, answer: Answer) -> str:
    return answer.text if question.sort is Sort.MULTIPLE else ""


def _mark_gap(question: Question, word: str) -> Mark:
    """Neither capitals, accents nor punctuation part two answers."""
    key = fold(word)
    for answer in question.answers:
        if fold(answer.text) == key:
            return Mark(answer.right, (("", answer.feedback),))
    return Mark(False, (("", question.hint),))
