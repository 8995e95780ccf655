from __future__ import annotations

from django.apps import AppConfig


class PolesConfig(AppConfig):
    name = "kb.poles"
    label = "poles"
    verbose_name = "Pôles de stages"
