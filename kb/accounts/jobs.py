"""Roles begin and end at midnight without anybody saving anything: once a day, groups follow."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from kb.core.jobs import Job, register

from .groups import synchronise
from .models import User


def follow_dates() -> str:
    changed = 0
    for user in User.objects.filter(memberships__isnull=False).distinct().prefetch_related("groups"):
        with transaction.atomic():
            changed += synchronise(user)
    return f"{changed} personne(s) dont les droits suivent désormais les dates."


def register_all() -> None:
    register(Job("roles", timedelta(hours=24), follow_dates))
