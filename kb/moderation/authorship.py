"""Who wrote a version, and who may therefore not approve it."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page, Revision, TaskState, WorkflowState

from kb.accounts.models import Membership, Role, User


def is_reviewer(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Does the person hold the coordination's role today?

    Asked of the roles, not of the tokens: an administrator reads like the coordination, but approves nothing. What
    an administrator publishes by themselves says so in the history.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    rows = Membership.objects.filter(user=user, role=Role.COORDINATION)
    return rows.valid_on().granted().exists()


def last_approved_revision_id(page: Page, before: int | None = None) -> int | None:
    """The newest revision of the page that the review approved (and, with `before`, an older one than that)."""
    approved = TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED,
        workflow_state__status=WorkflowState.STATUS_APPROVED,
        task__content_type__app_label="moderation",
        task__content_type__model="coordinationreviewtask",
        workflow_state__base_content_type=page.get_base_content_type(),
        workflow_state__object_id=str(page.pk),
    )
    if before is not None:
        approved = approved.filter(revision_id__lt=before)
    return approved.order_by("-revision_id").values_list("revision_id", flat=True).first()


def writers_of(page: Page, revision_id: int | None = None) -> frozenset[int]:
    """Ids of the people who wrote the version that ends with `revision_id` (the latest one by default).

    They are the page's owner, everybody who saved a revision since the last approved one, and whom the version itself
    names as its authors: the card would else show the same name as author and as approver. `revision_id` itself does
    not count as approved, even when its approval is being written at this moment.
    """
    last = revision_id or page.latest_revision_id
    ids = {page.owner_id} - {None}
    if last is not None:
        revisions = Revision.objects.filter(
            base_content_type=page.get_base_content_type(),
            object_id=str(page.pk),
            pk__lte=last,
            user__isnull=False,
        )
        if approved := last_approved_revision_id(page, before=last):
            revisions = revisions.filter(pk__gt=approved)
        ids |= set(revisions.values_list("user_id", flat=True))
        named = Revision.objects.filter(pk=last).values_list("content__authors", flat=True).first()
        ids |= set(named or ())
    return frozenset(ids)


def may_approve(user: AbstractBaseUser | AnonymousUser, page: Page, revision_id: int | None = None) -> bool:
    """The coordination approves, and nobody a version in which they wrote."""
    return is_reviewer(user) and user.pk not in writers_of(page, revision_id)


def may_withdraw(user: AbstractBaseUser | AnonymousUser, page: Page) -> bool:
    """Who submitted a version, or owns the page, takes it back. The coordination refuses instead, and says why."""
    state = page.current_workflow_state
    if state is None:
        return False
    return getattr(user, "is_superuser", False) or user.pk in {state.requested_by_id, page.owner_id} - {None}
