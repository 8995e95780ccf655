"""How a training goes, for its authors: completion, where people stop, what is hard. Never a person, nor a handful.

Who looks before and after a colleague followed the training must not see what that colleague did. So people are told in
fives, shares in tenths and from twenty people on; answers come in batches of five (models.counts), from ten on, in
fifths: each of them holds two numbers at least.
"""

from __future__ import annotations

from dataclasses import dataclass

from resources.models import Training
from resources.training.quiz import Question

from .models import ModuleCount, QuestionCount
from .models.counts import BATCH
from .reading import modules_of

#: Below it a share would move with each person.
FEWEST_FOR_SHARES = 20
#: Of five, a fifth would be one of them.
FEWEST_ANSWERS = 2 * BATCH
HARDEST = 10


@dataclass(frozen=True)
class ModuleFigures:
    """`tried` and `passed`: at least so many; 0 as long as they are fewer than five. `share`: of those who began."""

    number: int
    title: str
    tried: int
    passed: int
    share: int | None
    """In hundredths, to the next ten."""


@dataclass(frozen=True)
class QuestionFigures:
    """`missed`: the fifth in which the share of wrong answers lies, by its lower end, in hundredths."""

    module: int
    question: Question
    asked: int
    missed: int

    @property
    def missed_at_most(self) -> int:
        return self.missed + 20


@dataclass(frozen=True)
class Figures:
    """`begun` and `finished`: at least so many; 0 as long as they are fewer than five."""

    begun: int
    finished: int
    completion: int | None
    modules: tuple[ModuleFigures, ...]
    hardest: tuple[QuestionFigures, ...]


def figures_of(training: Training) -> Figures:
    """Three queries, however many modules and questions."""
    modules = modules_of(training)
    counts = {row.key: row for row in ModuleCount.objects.filter(training=training)}
    # The most that any module saw: who begins in the middle has begun.
    begun = max((row.tried for row in counts.values()), default=0)
    finished = sum(row.finished for row in counts.values())
    asked = {row.question: row for row in QuestionCount.objects.filter(training=training)}
    rows, hard = [], []
    for number, module in enumerate(modules, start=1):
        count = counts.get(module.key, ModuleCount())
        rows.append(
            ModuleFigures(
                number,
                module.title,
                _in_fives(count.tried),
                _in_fives(count.passed),
                _share(count.passed, begun),
            )
        )
        for question in module.questions:
            answers = asked.get(question.id)
            if answers is not None and answers.asked >= FEWEST_ANSWERS:
                missed = 5 * (answers.asked - answers.right) // answers.asked
                hard.append(QuestionFigures(number, question, answers.asked, 20 * min(missed, 4)))
    hard.sort(key=lambda one: (-one.missed, one.module))
    return Figures(
        _in_fives(begun), _in_fives(finished), _share(finished, begun), tuple(rows), tuple(hard[:HARDEST])
    )


def _in_fives(people: int) -> int:
    return people - people % BATCH


def _share(people: int, begun: int) -> int | None:
    """None also of so few people that their number is not told."""
    told = begun >= FEWEST_FOR_SHARES and people >= BATCH
    return 10 * round(10 * _in_fives(people) / _in_fives(begun)) if told else None
