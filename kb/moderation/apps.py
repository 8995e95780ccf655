from __future__ import annotations

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "kb.moderation"
    label = "moderation"
    verbose_name = "Relecture"

    def ready(self) -> None:
        from wagtail import workflows

        from . import checks, permission_testers, signal_handlers  # noqa: F401  (the checks register themselves)
        from .models import CoordinationReviewTask

        permission_testers.register()
        signal_handlers.connect()
        # The only kind of task that the admin offers: publishing knows no other (kb.moderation.publishing).
        workflows.TASK_TYPES[:] = [CoordinationReviewTask]
