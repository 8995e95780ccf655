from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kb.home"
    label = "home"
    verbose_name = "Accueil"
