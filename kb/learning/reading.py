"""The training that an address names, with its modules, for who may read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from wagtail.models import Revision

from resources.models import Training, TrainingModule


def training_at(slug: str, user: AbstractBaseUser | AnonymousUser) -> Training:
    """The published one. Raises Http404 where there is none that this person may read."""
    found: Training | None = Training.objects.readable_by(user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def modules_of(training: Training) -> list[TrainingModule]:
    return list(training.modules.all())


def titles_in(revisions: Iterable[int | None]) -> dict[int | None, str]:
    """What trainings were called in these versions; one query."""
    known = [pk for pk in revisions if pk is not None]
    return dict(Revision.objects.filter(pk__in=known).values_list("pk", "content__title")) if known else {}


def module_in(training: Training, revision_id: int | None, key: str) -> TrainingModule | None:
    """A module as a published version of before had it; the caller has `revision_id` from a signed sheet."""
    revision = Revision.objects.for_instance(training).filter(pk=revision_id).first()
    if revision is None:
        return None
    then: Training = revision.as_object()
    return next((module for module in then.modules.all() if module.key == key), None)
