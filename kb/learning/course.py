"""A training as somebody follows it: its modules in order, which of them count, what comes next."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from resources.models import Training, TrainingModule

from .progress import Steps, Version


@dataclass(frozen=True)
class Stage:
    """One module. `done`: its content was opened and its questions passed."""

    number: int
    module: TrainingModule
    done: bool
    url: str


@dataclass(frozen=True)
class Course:
    stages: tuple[Stage, ...]
    steps: Steps
    version: Version
    """Today's."""

    @property
    def done(self) -> int:
        return sum(stage.done for stage in self.stages)

    @property
    def total(self) -> int:
        return len(self.stages)

    @property
    def finished(self) -> datetime.date | None:
        """Also by what two halves make together, or by a version that asks for less."""
        done = [self.steps.done[stage.module.key] for stage in self.stages if stage.done]
        return self.steps.finished or (max(done) if done and len(done) == self.total else None)

    def settled(self) -> Steps:
        """The steps, with an end that was reached without a last module kept as any other."""
        if self.steps.finished or self.finished is None:
            return self.steps
        return replace(self.steps, finished=self.finished, version=self.version)

    @property
    def begun(self) -> bool:
        return bool(self.done or self.steps.tried)

    @property
    def resume(self) -> Stage | None:
        """Where one left: the first module to be done after the last one done, or else the first to be done at all."""
        undone = [stage for stage in self.stages if not stage.done]
        last = max((stage.number for stage in self.stages if stage.done), default=0)
        return next((stage for stage in undone if stage.number > last), undone[0] if undone else None)

    @property
    def minutes_left(self) -> int:
        return sum(stage.module.duration_minutes for stage in self.stages if not stage.done)

    @property
    def keys(self) -> list[str]:
        return [stage.module.key for stage in self.stages]

    def stage(self, key: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.module.key == key), None)

    def beside(self, stage: Stage) -> tuple[Stage | None, Stage | None]:
        """The module before and the one after."""
        at = stage.number - 1
        after = self.stages[at + 1] if at + 1 < self.total else None
        return (self.stages[at - 1] if at else None), after


def course_of(training: Training, modules: Sequence[TrainingModule], steps: Steps) -> Course:
    stages = tuple(
        Stage(number, module, module.key in steps.done, reverse("module", args=[training.slug, module.key]))
        for number, module in enumerate(modules, start=1)
    )
    published = timezone.localdate(training.last_published_at or timezone.now())
    minutes = training.duration_minutes or sum(module.duration_minutes for module in modules)
    return Course(stages, steps, Version(published, len(stages), minutes, training.live_revision_id))
