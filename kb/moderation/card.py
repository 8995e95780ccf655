"""The validation card: who proposed the version that is read, who approved it, and when."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from wagtail.models import Page, TaskState

from kb.accounts.models import User


@dataclass(frozen=True)
class Card:
    """A person is None once their account is gone; the dates stay."""

    proposed_by: User | None
    proposed_at: datetime.datetime
    approved_by: User | None
    approved_at: datetime.datetime


def card_of(page: Page) -> Card | None:
    """The approval of the published version, in one query; None when nobody reviewed it.

    That is so of a draft, of what an administrator published alone and of generated items.
    """
    if not page.live or page.live_revision_id is None:
        return None
    approval = (
        TaskState.objects.filter(revision_id=page.live_revision_id, status=TaskState.STATUS_APPROVED)
        .select_related("workflow_state__requested_by", "finished_by")
        .order_by("-pk")
        .first()
    )
    if approval is None:
        return None
    return Card(
        proposed_by=approval.workflow_state.requested_by,
        proposed_at=approval.workflow_state.created_at,
        approved_by=approval.finished_by,
        approved_at=approval.finished_at or approval.started_at,
    )
