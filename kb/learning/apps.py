"""The learning room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "kb.learning"
    label = "learning"
    verbose_name = "suivi des formations"

    def ready(self) -> None:
        from . import jobs, signal_handlers

        jobs.register_all()
        signal_handlers.connect()
