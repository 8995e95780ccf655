"""The questions of a module as a form: what was given, what is missing, and the token that says where it was shown.

The token is signed: it names reader, training, module and published version, so that an answer is marked against the
version that was read, whatever was published since, and an answer sheet that this site never showed to this reader is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.core import signing
from django.http import QueryDict
from django.utils.crypto import get_random_string

from resources.training.quiz import Answer, Question, Sort

from .grading import Mark, mark

#: A page that was left open is still good for as long.
LIVES = timedelta(days=14)
#: Of what is typed into a gap.
LONGEST = 200
_SALT = "vivier.learning.sheet"

CHOOSE = "Choisissez une réponse."
CHECK = "Cochez au moins une réponse."
PLACE = "Donnez à chaque étape une place différente."
WRITE = "Écrivez ce qui manque."


class NotShown(ValueError):  # noqa: N818 - what was sent, not a fault of the code
    """This sheet was not shown by this site to this reader for this module, or too long ago."""


def token(reader: str, training_id: int, key: str, revision_id: int | None) -> str:
    """Another one for each page: what one page sends twice is counted once."""
    return signing.dumps([reader, training_id, key, get_random_string(8), revision_id], salt=_SALT)


def read_token(text: str, reader: str, training_id: int, key: str) -> int | None:
    """The version on which the sheet was shown. Raises NotShown."""
    try:
        *shown, _, revision_id = signing.loads(text, salt=_SALT, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotShown from error
    if shown != [reader, training_id, key]:
        raise NotShown
    return int(revision_id) if revision_id is not None else None


@dataclass(frozen=True)
class Choice:
    """An answer as it is offered. `place` (of a step) is 0 as long as none was given."""

    id: str
    text: str
    chosen: bool
    place: int = 0


@dataclass(frozen=True)
class Row:
    """One question: what was given to it, what is missing in that, and its mark once all were answered."""

    number: int
    question: Question
    choices: tuple[Choice, ...]
    given: tuple[str, ...]
    problem: str
    mark: Mark | None

    @property
    def name(self) -> str:
        return f"q-{self.question.id}"

    @property
    def first_field(self) -> str:
        """The id of what is to be filled in first: where a link from an error leads."""
        if self.question.sort is Sort.GAP:
            return f"{self.name}-mot"
        lacking = [choice for choice in self.choices if not choice.place] or self.choices
        return f"{self.name}-{lacking[0].id}"

    @property
    def word(self) -> str:
        return self.given[0] if self.given else ""

    @property
    def places(self) -> range:
        return range(1, len(self.choices) + 1)


def blank(questions: Sequence[Question]) -> list[Row]:
    return [
        Row(number, question, _choices(question, (), {}), (), "", None)
        for number, question in enumerate(questions, start=1)
    ]


def filled(questions: Sequence[Question], data: QueryDict) -> list[Row]:
    """Marked when nothing is missing anywhere; otherwise each row that lacks something says what."""
    rows = [_row(number, question, data) for number, question in enumerate(questions, start=1)]
    if any(row.problem for row in rows):
        return rows
    return [
        Row(row.number, row.question, row.choices, row.given, "", mark(row.question, row.given))
        for row in rows
    ]


def _row(number: int, question: Question, data: QueryDict) -> Row:
    name = f"q-{question.id}"
    if question.sort is Sort.GAP:
        word = " ".join(data.get(name, "").replace("\x00", "").split())[:LONGEST]
        return Row(number, question, (), (word,) if word else (), "" if word else WRITE, None)
    if question.sort is Sort.ORDERING:
        places = {step.id: _place(data.get(f"{name}-{step.id}", ""), question) for step in question.answers}
        order = tuple(sorted(places, key=lambda step: places[step]))
        whole = sorted(places.values()) == list(range(1, len(places) + 1))
        return Row(number, question, _choices(question, (), places), order, "" if whole else PLACE, None)
    known = {answer.id for answer in question.answers}
    given = tuple(dict.fromkeys(value for value in data.getlist(name) if value in known))
    if question.sort is not Sort.MULTIPLE:
        given = given[:1]
    problem = "" if given else CHECK if question.sort is Sort.MULTIPLE else CHOOSE
    return Row(number, question, _choices(question, given, {}), given, problem, None)


def _place(text: str, question: Question) -> int:
    in_range = text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= len(question.answers)
    return int(text) if in_range else 0


def _choices(question: Question, given: Sequence[str], places: Mapping[str, int]) -> tuple[Choice, ...]:
    if question.sort is Sort.GAP:
        return ()
    answers = list(question.answers)
    if question.sort is Sort.ORDERING:
        _shuffle(answers, question.id)
    return tuple(
        Choice(answer.id, answer.text, answer.id in given, places.get(answer.id, 0)) for answer in answers
    )


def _shuffle(steps: list[Answer], seed: str) -> None:
    """Always the same for a question, and never the right order."""
    if len(steps) < 2:  # a version that nobody checked: there is no other order
        return
    right, random = list(steps), Random(seed)  # noqa: S311
    while steps == right:
        random.shuffle(steps)
