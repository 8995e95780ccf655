"""How a training goes, without anybody in it: first tries alone are counted, and no row knows whose they were."""

from __future__ import annotations

from django.db import models

#: So many people, and nobody is known by their figures.
BATCH = 5


class ModuleCount(models.Model):
    """`tried`: how many answered its questions; `passed`: how many got through; `finished`: with it, the training."""

    training = models.ForeignKey("resources.Training", on_delete=models.CASCADE, related_name="module_counts")
    key = models.CharField("module", max_length=8)
    tried = models.PositiveIntegerField("ont essayé", default=0)
    passed = models.PositiveIntegerField("ont réussi", default=0)
    finished = models.PositiveIntegerField("ont terminé la formation", default=0)

    class Meta:
        verbose_name = "fréquentation d’un module"
        verbose_name_plural = "fréquentation des modules"
        ordering = ("training", "key")
        constraints = (models.UniqueConstraint(fields=("training", "key"), name="module_counted_once"),)

    def __str__(self) -> str:
        return f"{self.training_id} {self.key}"


class QuestionCount(models.Model):
    """Of a question: how many answered it at their first try, and how many of them well.

    `BATCH` answers at a time wait until there are as many: who looks every day sees what a batch answered, never what
    the last colleague did.
    """

    training = models.ForeignKey(
        "resources.Training", on_delete=models.CASCADE, related_name="question_counts"
    )
    question = models.CharField("question", max_length=36)
    """The block's id, as Wagtail's editor gives it."""
    asked = models.PositiveIntegerField("réponses", default=0)
    right = models.PositiveIntegerField("justes", default=0)
    waiting = models.PositiveSmallIntegerField("réponses en attente", default=0)
    waiting_right = models.PositiveSmallIntegerField("justes, en attente", default=0)

    class Meta:
        verbose_name = "réussite d’une question"
        verbose_name_plural = "réussite des questions"
        ordering = ("training", "question")
        constraints = (
            models.UniqueConstraint(fields=("training", "question"), name="question_counted_once"),
        )

    def __str__(self) -> str:
        return f"{self.training_id} {self.question}"
