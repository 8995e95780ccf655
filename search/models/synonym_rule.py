"""A line of synonyms that the coordination adds to those of search/synonyms/fr.txt."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from search.synonyms import Rule


class SynonymRule(models.Model):
    """In force at the next search: synonyms are expanded in the question, so the index knows nothing of them."""

    line = models.CharField(
        "synonymes",
        max_length=500,
        unique=True,
        help_text="« PFMP, période de formation en milieu professionnel » : chacun trouve l’autre. « stage de "
        "découverte => stage d’observation » : le premier trouve aussi le second, sans retour.",
        error_messages={"unique": "Cette ligne existe déjà."},
    )
    created_at = models.DateTimeField("depuis", auto_now_add=True)

    class Meta:
        verbose_name = "ligne de synonymes"
        verbose_name_plural = "synonymes"
        ordering = ("line",)

    def __str__(self) -> str:
        return self.line

    def clean(self) -> None:
        super().clean()
        try:
            Rule.read(self.line)
        except ValueError as error:
            raise ValidationError({"line": str(error)}) from None
