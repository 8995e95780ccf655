"""A module's questions as everything but the admin sees them. Who follows keeps their ids: they outlive an edit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wagtail.blocks import StreamValue

from .questions import GAP


class Sort(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"
    GAP = "gap"


@dataclass(frozen=True)
class Answer:
    id: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """`answers`: the choices; of an ordering its steps, in the right order; of a gap the words that are foreseen.

    `feedback` is the explanation of a true-or-false and of a right order; `hint` is said of a wrong order and of a word
    that nobody foresaw.
    """

    id: str
    sort: Sort
    text: str
    answers: tuple[Answer, ...]
    feedback: str = ""
    hint: str = ""

    @property
    def around_gap(self) -> tuple[str, str]:
        before, _, after = self.text.partition(GAP)
        return before, after


def questions_of(quiz: StreamValue) -> list[Question]:
    return [_question(block.id, Sort(block.block_type), block.value) for block in quiz]


def _question(id_: str, sort: Sort, value: Any) -> Question:
    text = str(value["text"])
    if sort is Sort.TRUE_FALSE:
        truth, explanation = value["answer"] == "true", str(value["explanation"])
        both = (
            Answer("true", "Vrai", truth, explanation),
            Answer("false", "Faux", not truth, explanation),
        )
        return Question(id_, sort, text, both, feedback=explanation)
    if sort is Sort.ORDERING:
        steps = tuple(Answer(step.id, str(step.value), True, "") for step in value["steps"].bound_blocks)
        return Question(id_, sort, text, steps, feedback=str(value["right"]), hint=str(value["wrong"]))
    answers = tuple(
        Answer(row.id, str(row.value["text"]), bool(row.value["right"]), str(row.value["feedback"]))
        for row in value["answers"].bound_blocks
    )
    return Question(id_, sort, text, answers, hint=str(value.get("wrong") or ""))
