"""What pages of other rooms show of a reader's progress: the training's own page, lists, results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from kb.accounts.tokens import tokens_of
from kb.core.readers import COORDINATION, Visibility
from kb.core.wording import counted
from kb.learning.course import Course, course_of
from kb.learning.courses import Followed, courses_of
from kb.learning.keeping import progress_of
from kb.learning.progress import Progress, Steps
from resources.models import Training, TrainingModule

register = template.Library()


@register.simple_tag(takes_context=True)
def course(context: Context, page: Training, modules: list[TrainingModule]) -> Course:
    """The training as this reader follows it. One query for who is signed in."""
    return course_of(page, modules, _steps(context, page.pk))


@register.simple_tag(takes_context=True)
def followed(context: Context, pk: int) -> str:
    """« Terminée », « 2 modules validés » or nothing: a word for a card."""
    steps = _steps(context, pk)
    if steps.finished:
        return "Terminée"
    done = len(steps.done)
    return counted(done, "module validé") if done else ""


@register.simple_tag(takes_context=True)
def under_way(context: Context) -> Followed | None:
    """The training that was followed last and is not finished. No query for a browser that keeps nothing."""
    request: Any = context.get("request")
    progress = progress_of(request) if request is not None else Progress()
    if not progress:
        return None
    followed = courses_of(progress, request.user)
    return next((one for one in followed if not one.course.finished and one.course.resume), None)


@dataclass(frozen=True)
class Offices:
    """What this reader may do for others with a training."""

    figures: bool
    invites: bool


@register.simple_tag(takes_context=True)
def offices(context: Context, page: Training) -> Offices:
    """No query: the tokens and the authors are known. A head of school finds the invitations in « Mes formations »."""
    request: Any = context["request"]
    tokens = tokens_of(request.user)
    leads = COORDINATION in tokens
    return Offices(
        figures=leads or request.user.pk in page.author_ids,
        invites=page.visibility == Visibility.PUBLIC
        and (leads or any(token.startswith("staff:") for token in tokens)),
    )


def _steps(context: Context, pk: int) -> Steps:
    request: Any = context.get("request")
    return progress_of(request).of(pk) if request is not None else Steps()
