from __future__ import annotations

from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "kb.vocabulary"
    label = "vocabulary"
    verbose_name = "Vocabulaires"
