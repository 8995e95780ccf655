"""The review is the only way to the public: a check that reads the database says when somebody opened another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import GroupPagePermission, Task

from .models import CoordinationReviewTask


@register(Tags.database)
def nobody_publishes_by_right(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Run by `migrate` and by `check --database default`."""
    if "default" not in (databases or []):
        return []
    if ("moderation", "0002_review") not in MigrationRecorder(connections["default"]).applied_migrations():
        return []  # the migration that takes Wagtail's own rights away has yet to come
    found: list[CheckMessage] = [
        Error(
            f"The group « {row.group} » has the right to publish « {row.page} ».",
            hint="Take it away in the admin: publication is the review's work.",
            id="vivier.E010",
        )
        for row in GroupPagePermission.objects.filter(permission__codename="publish_page").select_related(
            "group", "page"
        )
    ]
    found += [
        Error(
            f"The task « {task} » is no review by the coordination: what it lets through cannot be published.",
            hint="Switch it off in the admin.",
            id="vivier.E011",
        )
        for task in Task.objects.filter(active=True).specific()
        if not isinstance(task, CoordinationReviewTask)
    ]
    return found
