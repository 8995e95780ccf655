"""The outbox: which items changed, and the counter that numbers every reading of them (docs/decisions/0006)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class SearchChange(models.Model):
    """An item that changed and that the index has not taken up yet. A deleted item keeps its row: no foreign key.

    The order of the ids says nothing: a slow transaction commits a smaller id after a larger one.
    """

    item_id = models.PositiveBigIntegerField("fiche")
    created_at = models.DateTimeField("depuis", default=timezone.now)

    class Meta:
        verbose_name = "changement à indexer"
        verbose_name_plural = "changements à indexer"

    def __str__(self) -> str:
        return f"{self.item_id}"


class SearchCounter(models.Model):
    """One row: the last number that was given to a reading."""

    value = models.PositiveBigIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "compteur de l’index"
        verbose_name_plural = "compteurs de l’index"

    def __str__(self) -> str:
        return f"{self.value}"
