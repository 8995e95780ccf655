from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """When a periodic job last ran, and how it went."""

    name = models.CharField("tâche", max_length=60, unique=True)
    started_at = models.DateTimeField("commencée", null=True)
    finished_at = models.DateTimeField("terminée", null=True)
    failed = models.BooleanField("en échec", default=False)
    message = models.TextField("compte rendu", blank=True)

    class Meta:
        verbose_name = "exécution périodique"
        verbose_name_plural = "exécutions périodiques"

    def __str__(self) -> str:
        return self.name
