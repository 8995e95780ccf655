"""Holdings follow every change of an item.

Wagtail's own signals are not used: it saves a revision, publishes, unpublishes, copies and reverts by `Page.save()`
in every case, with all rows of the page in one transaction, but sends `page_published` after it and nothing at all
for a draft. The rows of the files are written after their page, hence the second pair of receivers.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, get_page_models

from ..item import Item
from .holdings import recompute
from .models import ItemAttachment


def page_saved(instance: Page, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        recompute(instance.pk)


def place_changed(instance: ItemAttachment, raw: bool = False, **kwargs: Any) -> None:
    """Saved or deleted; with its page, the rows and the latest revision are gone by now and nothing is held again."""
    if not raw:
        recompute(instance.item_id)


def connect() -> None:
    # `Page` itself: Wagtail unpublishes and moves by the plain page, not by its specific model.
    for model in (Page, *(model for model in get_page_models() if issubclass(model, Item))):
        post_save.connect(page_saved, sender=model, dispatch_uid=f"holdings_{model._meta.label_lower}")
    post_save.connect(place_changed, sender=ItemAttachment, dispatch_uid="holdings_place_saved")
    post_delete.connect(place_changed, sender=ItemAttachment, dispatch_uid="holdings_place_deleted")
