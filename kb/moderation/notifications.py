"""The mails of the review. Each goes only to people who may read the version that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail.models import Page, TaskState

from kb.accounts.models import Membership, Role, User
from kb.core.mail import Notification

from .authorship import writers_of


class ReviewNotification(Notification):
    room = "moderation"


class Submitted(ReviewNotification):
    """To the coordination: a version waits. Who wrote in it cannot approve it, and is not asked."""

    name = "submitted"


class Refused(ReviewNotification):
    """To the author and to who submitted: what to change."""

    name = "refused"


class Approved(ReviewNotification):
    """To the authors: their page is published."""

    name = "approved"


class Retired(ReviewNotification):
    """To the authors: their page is offline, and why."""

    name = "retired"


def reviewers() -> list[User]:
    """The coordination of today."""
    rows = Membership.objects.filter(role=Role.COORDINATION).valid_on().granted()
    return list(User.objects.filter(memberships__in=rows, is_active=True).distinct())


def tell_submitted(task_state: TaskState, page: Page) -> None:
    writers = writers_of(page, task_state.revision_id)
    author = task_state.workflow_state.requested_by
    Submitted(page=page, author=author).send(person for person in reviewers() if person.pk not in writers)


def tell_refused(task_state: TaskState, page: Page) -> None:
    people = {page.owner, task_state.workflow_state.requested_by}
    Refused(page=page, comment=task_state.comment, reviewer=task_state.finished_by).send(filter(None, people))


def tell_approved(page: Page, requested_by: User | None) -> None:
    Approved(page=page).send(filter(None, {*_authors(page), requested_by}))


def tell_retired(page: Page, user: User, reason: str) -> None:
    Retired(page=page, reason=reason, by=user).send(
        author for author in _authors(page) if author.pk != user.pk
    )


def _authors(page: Page) -> Iterable[User]:
    return User.objects.filter(pk__in=getattr(page, "author_ids", {page.owner_id} - {None}))
