"""What the coordination wants to see first when a question is asked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from search.analysis import question_key


class BestBet(models.Model):
    """An item that is shown above the answers to one question; only to those who may read it."""

    question = models.CharField(
        "question",
        max_length=200,
        help_text="Telle qu’on la tape ; les accents, les majuscules et la ponctuation ne comptent pas.",
    )
    key = models.CharField(max_length=300, editable=False, db_index=True)
    """The question as `question_key` writes it."""
    item = models.ForeignKey(
        "resources.Item", on_delete=models.CASCADE, related_name="+", verbose_name="fiche"
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "réponse épinglée"
        verbose_name_plural = "réponses épinglées"
        ordering = ("key", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("key", "item"), name="item_pinned_once_a_question"),)

    def __str__(self) -> str:
        return f"{self.question} → {self.item}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = question_key(self.question)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.key = question_key(self.question)
        if not self.key:
            raise ValidationError({"question": "Une question contient au moins un mot."})
        if not self.item_id:
            return  # the form says so
        if not self.item.live:
            raise ValidationError({"item": "Cette fiche n’est pas en ligne : choisissez une fiche publiée."})
        # Django leaves a constraint alone when a form has not all its fields, and `key` is in none.
        if BestBet.objects.filter(key=self.key, item=self.item_id).exclude(pk=self.pk).exists():
            raise ValidationError({"item": "Cette fiche est déjà épinglée à cette question."})
