"""Where the progress of a request is kept: an account's in the database, a browser's in its cookie.

A browser's progress never goes to an account by itself: on a shared machine it is somebody else's. « Mes formations »
offers it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid5

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone

from kb.accounts.models import User
from resources.models import Training

from .cookie import forget, from_cookie, to_cookie
from .course import course_of
from .courses import modules_by_training
from .models import Acceptance, Following, Invitation
from .progress import Progress, Steps
from .reader import reader_of

Change = Callable[[Steps], Steps]


def progress_of(request: HttpRequest) -> Progress:
    """One query for who is signed in, none otherwise; kept on the request."""
    kept: Progress | None = getattr(request, "_learning_progress", None)
    if kept is None:
        kept = _of_account(request.user) if isinstance(request.user, User) else from_cookie(request)
        _remember(request, kept)
    return kept


def change(request: HttpRequest, training_id: int, how: Change) -> Steps:
    """What `how` makes of the progress in one training. `keep` must write the answer of an anonymous reader."""
    if isinstance(request.user, User):
        # The row is locked: two modules passed at once are both kept.
        row, _ = Following.objects.select_for_update().get_or_create(
            user=request.user, training_id=training_id
        )
        steps = how(row.read()).named()
        row.steps = steps.to_data()
        row.save()
    else:
        steps = how(progress_of(request).of(training_id)).named()
    _remember(request, progress_of(request).having(training_id, steps))
    _tell_hosts(request, training_id, steps)
    return steps


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Lets an anonymous reader's browser keep what the request changed."""
    if not isinstance(request.user, User):
        to_cookie(response, progress_of(request))
    return response


def take_over(request: HttpRequest, progress: Progress) -> None:
    """Joins progress that was brought (a link, a browser's cookie) to that of the request.

    Two halves may make a whole: that it is finished is kept, with today's version.
    """
    trainings = list(Training.objects.filter(pk__in=progress.trainings))
    modules = modules_by_training(training.pk for training in trainings)
    for training in trainings:
        joined = progress.of(training.pk).joined

        def how(steps: Steps, training: Training = training, joined: Change = joined) -> Steps:
            return course_of(training, modules[training.pk], joined(steps)).settled()

        change(request, training.pk, how)


def take_over_agreements(request: HttpRequest, user: User, accepted: tuple[str, ...]) -> None:
    """What a browser agreed to becomes the account's: it can be taken back, and hosts see what the account did."""
    rows = Acceptance.objects.filter(user=None, pk__in=accepted)
    already = Acceptance.objects.filter(user=user, invitation__in=rows.values("invitation"))
    rows.filter(invitation__in=list(already.values_list("invitation", flat=True))).delete()
    trainings = set(rows.values_list("invitation__training", flat=True))
    rows.update(user=user)
    for pk in trainings:
        _tell_hosts(request, pk, progress_of(request).of(pk))


def forget_browser(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever comes next at this machine is another reader."""
    rotate_token(request)
    forget(response)
    return response


def accept(request: HttpRequest, invitation: Invitation, name: str) -> None:
    """Two answers at once are one. An anonymous reader's browser remembers what it accepted."""
    steps = progress_of(request).of(invitation.training_id)
    told = {"name": name, "steps": _told(steps)}
    if isinstance(request.user, User):
        Acceptance.objects.get_or_create(invitation=invitation, user=request.user, defaults=told)
        return
    pk = uuid5(invitation.token, reader_of(request))
    Acceptance.objects.update_or_create(pk=pk, defaults=told | {"invitation": invitation})
    _remember(request, progress_of(request).joined(Progress(accepted=(str(pk),))))


def _of_account(user: User) -> Progress:
    rows = Following.objects.filter(user=user).order_by("last_at", "pk")
    return Progress({row.training_id: row.read() for row in rows})


def _remember(request: HttpRequest, progress: Progress) -> None:
    request._learning_progress = progress  # type: ignore[attr-defined]


def _tell_hosts(request: HttpRequest, training_id: int, steps: Steps) -> None:
    mine = acceptances_of(request).filter(invitation__training_id=training_id)
    mine.update(steps=_told(steps), last_at=timezone.now())


def _told(steps: Steps) -> dict[str, Any]:
    """Neither tries nor the names of the progress are a host's."""
    return Steps(done=steps.done, finished=steps.finished).to_data()


def agreements_in_reach(request: HttpRequest) -> QuerySet[Acceptance]:
    """What may be taken back here: also what the browser agreed to before somebody signed in."""
    reached = Q(user=None, pk__in=from_cookie(request).accepted)
    if isinstance(request.user, User):
        reached |= Q(user=request.user)
    return Acceptance.objects.filter(reached)


def acceptances_of(request: HttpRequest) -> QuerySet[Acceptance]:
    """What this person, or this browser, agreed to."""
    if isinstance(request.user, User):
        return Acceptance.objects.filter(user=request.user)
    return Acceptance.objects.filter(user=None, pk__in=progress_of(request).accepted)
