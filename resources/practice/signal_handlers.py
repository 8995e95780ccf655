"""A sheet that moves under another pôle becomes that pôle's, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import Page

from kb.core.signals import items_changed
from kb.poles.models import Pole

from ..item import Item
from .models import PracticeSheet


def plain_page_saved(instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """Wagtail moves a page by saving its plain `Page` at its new place, so the sheet's own `save` is not called."""
    if raw or not PracticeSheet.objects.filter(pk=instance.pk).exists():
        return
    pole = Pole.objects.filter(path=instance.path[: -instance.steplen]).first()
    if pole is not None and Item.objects.filter(pk=instance.pk).exclude(pole=pole).update(pole=pole):
        items_changed.send(sender=PracticeSheet, ids=[instance.pk])


def connect() -> None:
    post_save.connect(plain_page_saved, sender=Page, dispatch_uid="pole_of_moved_sheet")
