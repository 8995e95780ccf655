"""What approval does: it publishes exactly the revision that was approved, and nothing else is ever published.

Named by `WAGTAIL_FINISH_WORKFLOW_ACTION`, which Wagtail imports while its own models load: no model is imported at
the top of this module.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from wagtail.models import Page, WorkflowState

#: The revision that an approval is publishing at this moment.
_being_approved: ContextVar[int | None] = ContextVar("being_approved", default=None)


class ReviewRefused(PermissionDenied):
    """Why a step of the review cannot be taken, in words for the person who tried."""


def is_being_approved(revision_id: int | None) -> bool:
    """Is this publication the work of an approval? Everything else that publishes goes round the review."""
    return revision_id is not None and _being_approved.get() == revision_id


def publish_approved(workflow_state: WorkflowState, user: Any = None) -> None:
    """Publishes the revision of the approved task state; raises ReviewRefused for every other way to get here.

    A workflow whose task was switched off would finish at once, without anybody having read a line: so the approval
    is looked at, never supposed. The row lock makes « is it still the latest? » true until the commit.
    """
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction
    from wagtail.models import Page, TaskState

    from .authorship import may_approve
    from .models import CoordinationReviewTask

    page = Page.objects.select_for_update().get(pk=workflow_state.object_id)
    task_state = workflow_state.current_task_state
    if (
        task_state is None
        or task_state.status != TaskState.STATUS_APPROVED
        or not isinstance(task_state.task.specific, CoordinationReviewTask)
    ):
        raise ReviewRefused("Une fiche n’est publiée qu’après une relecture.")
    approver = task_state.finished_by
    if approver is None or not may_approve(approver, page, task_state.revision_id):
        raise ReviewRefused(
            "Cette personne ne peut pas approuver cette version : elle y a écrit, ou n’est pas de la coordination."
        )
    if page.latest_revision_id != task_state.revision_id:
        raise ReviewRefused("La fiche a changé depuis la relecture : relisez la nouvelle version.")
    version = task_state.revision.as_object()
    _look_at_pole(page, version)
    if lacks := version.lacks():
        raise ReviewRefused(lacks)
    token = _being_approved.set(task_state.revision_id)
    try:
        PublishPageRevisionAction(task_state.revision, user=approver).execute(skip_permission_checks=True)
    finally:
        _being_approved.reset(token)


def _look_at_pole(page: Page, version: Page) -> None:
    """What is published names its pôle and lies under it: a pôle that nobody approved would become public with it."""
    from kb.poles.models import Pole

    pole: Pole | None = getattr(version, "pole", None)
    if pole is not None and not pole.live:
        raise ReviewRefused("Le pôle de cette fiche n’est pas en ligne : faites d’abord approuver le pôle.")
    if pole is not None and not pole.is_open and not page.live and page.is_descendant_of(pole):
        raise ReviewRefused("Ce pôle est fermé : on n’y ajoute plus de fiche.")
