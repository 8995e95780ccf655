"""The learning room's periodic jobs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kb.core.jobs import Job, register
from kb.core.wording import counted

from .models import Acceptance

#: After an invitation has closed, for how long its host still sees who accepted.
KEPT = timedelta(days=180)


def forget_followers() -> str:
    closed = timezone.localdate() - KEPT
    deleted, _ = Acceptance.objects.filter(invitation__closes_on__lt=closed).delete()
    return f"{counted(deleted, 'acceptation')} d’invitations closes depuis six mois effacée(s)."


def register_all() -> None:
    register(Job("learning-followers", timedelta(hours=24), forget_followers))
