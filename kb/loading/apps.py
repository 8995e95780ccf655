from __future__ import annotations

from django.apps import AppConfig


class LoadingConfig(AppConfig):
    name = "kb.loading"
    label = "loading"
    verbose_name = "Chargement"
