"""The progress of a person who has an account, in one training."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from kb.learning.progress import Steps


class Following(models.Model):
    """One row a person and training. What was done lies in `steps` as `progress.Steps` writes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followings")
    training = models.ForeignKey("resources.Training", on_delete=models.CASCADE, related_name="followings")
    steps = models.JSONField("avancement", default=dict)
    started_at = models.DateTimeField("commencée le", auto_now_add=True)
    last_at = models.DateTimeField("suivie pour la dernière fois le", auto_now=True)

    class Meta:
        verbose_name = "formation suivie"
        verbose_name_plural = "formations suivies"
        ordering = ("-last_at", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "training"), name="followed_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} : {self.training_id}"

    def read(self) -> Steps:
        return Steps.from_data(self.steps)
