"""Counts of first tries, written in the transaction of the answer. A training's number and a key: nobody is in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from resources.training.quiz import Question

from .grading import Mark
from .models import ModuleCount, QuestionCount
from .models.counts import BATCH


def count_try(training_id: int, key: str, questions: Sequence[Question], marks: Sequence[Mark]) -> None:
    """The first answers of somebody to a module's questions. Six queries, however many questions."""
    _module(training_id, key, "tried")
    if not questions:
        return
    # An id is what the editor's page sent: one that is none of Wagtail's is counted nowhere.
    known = [
        (question.id, mark) for question, mark in zip(questions, marks, strict=True) if len(question.id) <= 36
    ]
    ids = [pk for pk, _ in known]
    fresh = [QuestionCount(training_id=training_id, question=pk) for pk in ids]
    QuestionCount.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = QuestionCount.objects.filter(training_id=training_id)
    rows.filter(question__in=ids).update(waiting=F("waiting") + 1)
    right = [pk for pk, mark in known if mark.right]
    rows.filter(question__in=right).update(waiting_right=F("waiting_right") + 1)
    rows.filter(question__in=ids, waiting__gte=BATCH).update(
        asked=F("asked") + F("waiting"), right=F("right") + F("waiting_right"), waiting=0, waiting_right=0
    )


def count_pass(training_id: int, key: str, *, finished: bool) -> None:
    _module(training_id, key, "passed", *(["finished"] if finished else []))


def _module(training_id: int, key: str, *names: str) -> None:
    ModuleCount.objects.get_or_create(training_id=training_id, key=key)
    rows = ModuleCount.objects.filter(training_id=training_id, key=key)
    rows.update(**{name: F(name) + 1 for name in names})
