from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kb.core"
    label = "core"
    verbose_name = "Socle"

    def ready(self) -> None:
        from . import checks, jobs, mail, pruning  # noqa: F401  (the checks register themselves)

        jobs.register(mail.RETRY)
        jobs.register(pruning.PRUNE)
