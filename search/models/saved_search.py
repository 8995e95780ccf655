"""A search that somebody wants to hear of."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class SavedSearch(models.Model):
    """A question with its filters; `seen` are the items that it has found so far: they are no news any more."""

    class Every(models.TextChoices):
        DAY = "day", "chaque jour"
        WEEK = "week", "chaque semaine"
        NEVER = "none", "jamais"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
        verbose_name="personne",
    )
    address = models.CharField("recherche", max_length=2_000)
    """The query string that the search page understands, without page and order: `q=stage&kind=practice`."""
    every = models.CharField("fréquence", max_length=4, choices=Every, default=Every.WEEK)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """In the link that stops the mails without signing in."""
    seen = models.JSONField(default=list, editable=False)
    readers = models.JSONField(default=list, editable=False)
    """The tokens of its person at the last passage: what they could not read then may be news now, however old."""
    created_at = models.DateTimeField("depuis", auto_now_add=True)
    checked_at = models.DateTimeField("dernier passage", null=True, editable=False)
    """When `seen` was written; without it the next passage only writes it and tells nothing."""

    class Meta:
        verbose_name = "recherche enregistrée"
        verbose_name_plural = "recherches enregistrées"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "address"), name="search_saved_once_a_person"),
        )

    def __str__(self) -> str:
        return self.address
