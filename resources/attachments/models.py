"""`Attachment` (a stored file), `ItemAttachment` (its place in a version), `AttachmentHolding` (who holds it)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from .formats import BY_CONTENT_TYPE
from .sizes import human_size


class AttachmentRole(models.TextChoices):
    TEACHER = "teacher", "Version enseignant"
    PUPIL = "pupil", "Fiche élève"
    ANNEX = "annex", "Annexe"


#: Where the bytes lie in the storage; no route serves it.
FOLDER = "attachments"


def random_path(attachment: Attachment, filename: str) -> str:
    """Where the bytes lie: nothing of the display name, nothing to guess."""
    name = uuid.uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


class Attachment(models.Model):  # type: ignore[django-manager-missing]  # the stubs lose `places`: Wagtail has no types
    """One stored file. Its bytes, name and role never change: a new version is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("fichier", upload_to=random_path)
    name = models.CharField("nom affiché", max_length=150)
    role = models.CharField("nature", max_length=10, choices=AttachmentRole)
    size = models.PositiveBigIntegerField("taille en octets")
    content_type = models.CharField("type", max_length=100)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="déposé par",
    )
    uploaded_at = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        verbose_name = "fichier"
        verbose_name_plural = "fichiers"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An attachment never changes: store a new one.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.pk])

    @property
    def format_label(self) -> str:
        return BY_CONTENT_TYPE[self.content_type].label if self.content_type in BY_CONTENT_TYPE else ""

    @property
    def human_size(self) -> str:
        return human_size(self.size)


class ItemAttachment(Orderable):
    """A file's place in one version of an item: it travels in the revision."""

    item = ParentalKey("resources.Item", on_delete=models.CASCADE, related_name="attachments")
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="places", verbose_name="fichier"
    )

    class Meta(Orderable.Meta):
        verbose_name = "fichier"
        verbose_name_plural = "fichiers"

    def __str__(self) -> str:
        return str(self.attachment)


class AttachmentHolding(models.Model):
    """The two facts that the file view asks: does the published version of the item hold the file, does its draft?"""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="holdings")
    item = models.ForeignKey("resources.Item", on_delete=models.CASCADE, related_name="holdings")
    in_public = models.BooleanField(default=False)
    in_draft = models.BooleanField(default=False)

    class Meta:
        verbose_name = "détention d’un fichier"
        verbose_name_plural = "détentions de fichiers"
        constraints = (
            models.UniqueConstraint(fields=("attachment", "item"), name="attachment_once_an_item"),
            models.CheckConstraint(
                condition=models.Q(in_public=True) | models.Q(in_draft=True), name="holding_holds"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attachment_id} : {self.item_id}"
