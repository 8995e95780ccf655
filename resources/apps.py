from __future__ import annotations

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Ressources partagées"

    def ready(self) -> None:
        from . import comparing, permission_policy
        from .attachments import jobs
        from .attachments import signal_handlers as attachments
        from .practice import signal_handlers as practice

        practice.connect()
        attachments.connect()
        jobs.register_all()
        permission_policy.register()
        comparing.register()
