"""What follows a step of the review: our mails, not Wagtail’s, and a line in the history for what went round it."""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    task_rejected,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from . import notifications
from .publishing import is_being_approved

#: Wagtail connects its mails under these names when its own application starts, after ours: a name that is taken
#: stays taken, so the mails of the review are sent once, by us.
WAGTAIL_MAILS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)

UNREVIEWED = "vivier.publish_unreviewed"
RETIRED = "vivier.retire"
MERGED = "vivier.merge"


def no_mail(**kwargs: Any) -> None:
    """Holds the place of one of Wagtail's mails."""


def version_waits(instance: TaskState, **kwargs: Any) -> None:
    """Sent when a version is submitted, submitted again after a refusal, or changed during its review."""
    notifications.tell_submitted(instance, _page(instance.workflow_state))


def version_refused(instance: TaskState, **kwargs: Any) -> None:
    notifications.tell_refused(instance, _page(instance.workflow_state))


def version_approved(instance: WorkflowState, **kwargs: Any) -> None:
    notifications.tell_approved(_page(instance), instance.requested_by)


def page_was_published(instance: Page, revision: Revision | None = None, **kwargs: Any) -> None:
    """Whatever publishes without an approval says so in the page's history, beside Wagtail's own line."""
    if not is_being_approved(revision.pk if revision else None):
        log(instance=instance, action=UNREVIEWED, revision=revision)


def _page(workflow_state: WorkflowState) -> Page:
    page: Page = Page.objects.get(pk=workflow_state.object_id).specific
    return page


def connect() -> None:
    for signal, sender, uid in WAGTAIL_MAILS:
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(no_mail, sender=sender, dispatch_uid=uid)
    task_submitted.connect(version_waits, dispatch_uid="review_submitted_mail")
    task_rejected.connect(version_refused, dispatch_uid="review_refused_mail")
    workflow_approved.connect(version_approved, dispatch_uid="review_approved_mail")
    page_published.connect(page_was_published, dispatch_uid="publication_without_review")
