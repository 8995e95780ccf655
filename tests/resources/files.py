"""Stored files and items that hold them, for tests."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from kb.accounts.models import User
from resources.attachments.storing import store
from resources.item import Item
from resources.models import Attachment, AttachmentHolding, AttachmentRole, ItemAttachment
from tests.resources.documents import pdf


def stored(name: str = "Fiche.pdf", role: str = AttachmentRole.PUPIL, user: User | None = None) -> Attachment:
    """A PDF whose only word is its name."""
    return store(io.BytesIO(pdf(name)), name, role, user)


def places(*files: Attachment) -> list[ItemAttachment]:
    return [ItemAttachment(attachment=file, sort_order=rank) for rank, file in enumerate(files)]


def new_version(item: Item, *files: Attachment, user: AbstractBaseUser | None = None, **fields: Any) -> Any:
    """A new revision of the item with exactly these files; returns the revision."""
    draft = type(item).objects.get(pk=item.pk).get_latest_revision_as_object()
    draft.attachments = places(*files)
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft.save_revision(user=user)


def publish(item: Item) -> None:
    """Publishes the latest revision, as an approval does in the end."""
    fresh = type(item).objects.get(pk=item.pk)
    fresh.get_latest_revision().publish(skip_permission_checks=True)


def holdings(item: Item) -> dict[str, str]:
    """What each file's name is held by: « public », « draft » or « public draft »."""
    rows = AttachmentHolding.objects.filter(item_id=item.pk).select_related("attachment")
    return {
        row.attachment.name: " ".join(
            word for word, held in (("public", row.in_public), ("draft", row.in_draft)) if held
        )
        for row in rows
    }
