from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"

    def ready(self) -> None:
        from . import jobs
        from .index import signal_handlers

        signal_handlers.connect()
        jobs.register_all()
