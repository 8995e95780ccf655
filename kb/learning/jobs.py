"""The learning room's periodic jobs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from kb.core.jobs import Job, register
from kb.core.wording import counted

from . import cookie
from .models import Acceptance

#: After an invitation has closed, for how long its host still sees who accepted.
KEPT = timedelta(days=180)


def forget_followers() -> str:
    closed = timezone.localdate() - KEPT
    unreachable = Q(user=None, last_at__lt=timezone.now() - cookie.KEPT)
    deleted, _ = Acceptance.objects.filter(Q(invitation__closes_on__lt=closed) | unreachable).delete()
    return f"{counted(deleted, 'acceptation effacée')}, d’invitations closes ou que plus personne ne peut retirer."


def register_all() -> None:
    register(Job("learning-followers", timedelta(hours=24), forget_followers))
