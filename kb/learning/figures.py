"""How a training goes, for its authors: completion, where people stop, what is hard. Never a person, nor a handful."""

from __future__ import annotations

from dataclasses import dataclass

from resources.models import Training
from resources.training.quiz import Question

from .models import ModuleCount, QuestionCount
from .reading import modules_of

#: Below it a figure would tell what one person answered to somebody who knows who followed.
FEWEST = 5
HARDEST = 10


@dataclass(frozen=True)
class ModuleFigures:
    """`tried` and `passed` are None as long as fewer than `FEWEST` people tried."""

    number: int
    title: str
    tried: int | None
    passed: int | None
    share: int
    """Of those who tried the first module, in hundredths."""


@dataclass(frozen=True)
class QuestionFigures:
    module: int
    question: Question
    asked: int
    missed: int
    """In hundredths of those who answered."""


@dataclass(frozen=True)
class Figures:
    begun: int | None
    finished: int | None
    modules: tuple[ModuleFigures, ...]
    hardest: tuple[QuestionFigures, ...]

    @property
    def completion(self) -> int:
        return round(100 * self.finished / self.begun) if self.begun and self.finished else 0


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
        row = counts.get(module.key)
        enough = row is not None and row.tried >= FEWEST
        rows.append(
            ModuleFigures(
                number,
                module.title,
                row.tried if row and enough else None,
                row.passed if row and enough and row.passed >= FEWEST else None,
                round(100 * row.passed / begun) if row and enough else 0,
            )
        )
        for question in module.questions:
            count = asked.get(question.id)
            if count is not None and count.asked >= FEWEST:
                missed = round(100 * (count.asked - count.right) / count.asked)
                hard.append(QuestionFigures(number, question, count.asked, missed))
    hard.sort(key=lambda one: (-one.missed, one.module))
    told = finished if finished >= FEWEST else None
    return Figures(begun if begun >= FEWEST else None, told, tuple(rows), tuple(hard[:HARDEST]))
