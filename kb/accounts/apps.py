from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kb.accounts"
    label = "accounts"
    verbose_name = "Personnes"

    def ready(self) -> None:
        from . import jobs, signal_handlers

        signal_handlers.connect()
        jobs.register_all()
