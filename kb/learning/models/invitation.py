"""An invitation to follow a training, by a pôle or an establishment, and those who accepted that it sees them."""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from kb.learning.progress import Steps


def in_a_year() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=365)


class Invitation(models.Model):
    """A link. `token` is the right to accept, until it is closed."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training = models.ForeignKey(
        "resources.Training", on_delete=models.CASCADE, related_name="invitations", verbose_name="formation"
    )
    pole = models.ForeignKey(
        "poles.Pole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="pôle",
    )
    establishment = models.ForeignKey(
        "poles.Establishment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="établissement",
    )
    note = models.CharField("pour qui", max_length=120, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations"
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    closes_on = models.DateField("dernier jour", default=in_a_year)

    class Meta:
        verbose_name = "invitation à une formation"
        verbose_name_plural = "invitations à une formation"
        ordering = ("-created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(pole__isnull=False, establishment__isnull=True)
                | models.Q(pole__isnull=True, establishment__isnull=False),
                name="invitation_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.host} : {self.training_id}"

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.token])

    @property
    def host(self) -> str:
        """Who invites, as it is named to those who are invited."""
        return str(self.pole or self.establishment)

    @property
    def is_open(self) -> bool:
        return self.closes_on >= timezone.localdate()


class Acceptance(models.Model):
    """Somebody agreed that the host sees their name, typed by themselves, and what they did in this training alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="acceptances")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="acceptances"
    )
    name = models.CharField("prénom et nom", max_length=80)
    steps = models.JSONField("avancement", default=dict)
    accepted_at = models.DateTimeField("accepté le", auto_now_add=True)
    last_at = models.DateTimeField("suivie pour la dernière fois le", default=timezone.now)

    class Meta:
        verbose_name = "acceptation"
        verbose_name_plural = "acceptations"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("invitation", "user"), name="accepted_once", condition=models.Q(user__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name

    def read(self) -> Steps:
        return Steps.from_data(self.steps)
