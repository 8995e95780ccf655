"""What the learning room does when another room changes something."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from kb.poles.models import Pole

from .models import Invitation


def follow_merged_pole(sender: type[Pole], instance: Pole, **kwargs: Any) -> None:
    """The invitations of a pôle that was merged into another go with it, in the same transaction."""
    if instance.merged_into_id is not None:
        Invitation.objects.filter(pole=instance).update(pole=instance.merged_into_id)


def connect() -> None:
    post_save.connect(follow_merged_pole, sender=Pole, dispatch_uid="learning.follow_merged_pole")
