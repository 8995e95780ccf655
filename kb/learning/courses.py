"""The trainings that somebody has begun, as courses: as many queries for one as for twenty."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from resources.models import Training, TrainingModule

from .course import Course, course_of
from .progress import Progress
from .reading import titles_in

UNNAMED = "Une formation qui n’est plus en ligne"


@dataclass(frozen=True)
class Followed:
    training: Training
    course: Course


def courses_of(progress: Progress, user: AbstractBaseUser | AnonymousUser) -> list[Followed]:
    """Those that are published and that this person may still read, the last one followed first."""
    trainings = list(Training.objects.readable_by(user).filter(pk__in=progress.trainings))
    modules = modules_by_training(training.pk for training in trainings)
    followed = [
        Followed(training, course_of(training, modules[training.pk], progress.of(training.pk)))
        for training in trainings
    ]
    order = list(progress.trainings)
    return sorted(followed, key=lambda one: order.index(one.training.pk), reverse=True)


@dataclass(frozen=True)
class Ended:
    """A training that was finished, and that this person does not get to read any more."""

    title: str
    finished: datetime.date
    slug: str
    """Empty where it was deleted: nothing is attested of it any more."""


def ended_of(progress: Progress, readable: Iterable[Followed]) -> list[Ended]:
    """Under the title that it had then. The last one first."""
    listed = {one.training.pk for one in readable}
    ends = [
        (pk, steps.finished, steps.version.revision if steps.version else None)
        for pk, steps in progress.trainings.items()
        if steps.finished is not None and pk not in listed
    ]
    if not ends:
        return []
    slugs = dict(Training.objects.filter(pk__in=[pk for pk, *_ in ends]).values_list("pk", "slug"))
    titles = titles_in(revision for *_, revision in ends)
    ended = [
        Ended(titles.get(revision, UNNAMED), finished, slugs.get(pk, "")) for pk, finished, revision in ends
    ]
    return sorted(ended, key=lambda one: one.finished, reverse=True)


def modules_by_training(ids: Iterable[int]) -> dict[int, list[TrainingModule]]:
    """In order; without their texts, which no list shows."""
    found: dict[int, list[TrainingModule]] = defaultdict(list)
    rows = TrainingModule.objects.filter(training_id__in=list(ids)).defer("content", "quiz")
    for module in rows.order_by("training_id", "sort_order", "pk"):
        found[module.training_id].append(module)
    return found
