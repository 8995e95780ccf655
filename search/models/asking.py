"""What was asked, without anybody in it: the folded question, what it found, by day. Nobody and no moment is kept."""

from __future__ import annotations

from django.db import models


class AskedQuestion(models.Model):
    """How often a question was asked on a day, with these filters, and how many items it found the last time."""

    day = models.DateField("jour")
    key = models.CharField("question", max_length=300)
    """As `search.analysis.question_key` writes it."""
    filters = models.CharField("filtres", max_length=500, blank=True)
    """As they stand in an address, sorted: `kind=practice&phase=pendant`."""
    count = models.PositiveIntegerField("réponses")
    times = models.PositiveIntegerField("fois", default=1)

    class Meta:
        verbose_name = "question posée"
        verbose_name_plural = "questions posées"
        ordering = ("-day", "key")
        constraints = (
            models.UniqueConstraint(fields=("day", "key", "filters"), name="question_once_a_day_and_filters"),
        )
        indexes = (
            # All that `search.past_questions` reads, by the beginning of the key: nothing else is fetched.
            models.Index(
                fields=("key", "day", "count", "times"),
                name="question_by_beginning",
                opclasses=("varchar_pattern_ops", "date_ops", "int4_ops", "int4_ops"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.day})"


class StruckQuestion(models.Model):
    """A question that is never suggested: the coordination struck it out."""

    key = models.CharField("question", max_length=300, unique=True)
    struck_at = models.DateTimeField("depuis", auto_now_add=True)

    class Meta:
        verbose_name = "question rayée"
        verbose_name_plural = "questions rayées"
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key
