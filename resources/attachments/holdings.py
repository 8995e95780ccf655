"""Who holds a file: `recompute` writes down, for one item, the files of its published version and of its latest one.

Derived facts: they can be thrown away and computed again at any time.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from ..item import Item
from .models import Attachment, AttachmentHolding, ItemAttachment


@transaction.atomic
def recompute(item_id: int) -> None:
    """Brings the holdings of one item up to date; does nothing when `item_id` is no item."""
    item = Item.objects.filter(pk=item_id).select_related("latest_revision").first()
    if item is None:
        return
    stored = set(ItemAttachment.objects.filter(item_id=item_id).values_list("attachment_id", flat=True))
    public = stored if item.live else set()
    draft = _latest(item, stored)
    AttachmentHolding.objects.filter(item_id=item_id).exclude(attachment_id__in=public | draft).delete()
    AttachmentHolding.objects.bulk_create(
        [
            AttachmentHolding(attachment_id=pk, item_id=item_id, in_public=pk in public, in_draft=pk in draft)
            for pk in sorted(public | draft)
        ],
        update_conflicts=True,
        unique_fields=["attachment", "item"],
        update_fields=["in_public", "in_draft"],
    )


def _latest(item: Item, stored: set[UUID]) -> set[UUID]:
    """Files of the latest version: the rows themselves when nothing waits, as Wagtail's editor has it."""
    if item.latest_revision is None or not item.has_unpublished_changes:
        return stored
    named = {row["attachment"] for row in item.latest_revision.content.get("attachments", [])}
    return set(Attachment.objects.filter(pk__in=named).values_list("pk", flat=True))
