"""Trainings and their modules, under /formations/."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from kb.core.fields import CleanRichTextField
from kb.core.pages import BasePage

from ..item import Item


class TrainingIndex(BasePage):
    """The parent of all trainings, at /formations/."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.Training"]
    promote_panels: ClassVar[list[Any]] = []
    preview_modes: ClassVar[list[Any]] = []  # shown by a list of its own

    class Meta:
        verbose_name = "liste des formations"


class Training(Item):
    """A short training: aims and ordered modules."""

    kind = "training"
    kind_label = "Formation"
    text_relations = ("modules",)
    is_creatable = True

    aims = CleanRichTextField("objectifs")
    duration_minutes = models.PositiveSmallIntegerField(
        "durée, en minutes", null=True, blank=True, validators=[MinValueValidator(1)]
    )

    content_panels: ClassVar[list[Any]] = [
        *Item.head_panels,
        FieldPanel("aims"),
        FieldPanel("duration_minutes"),
        InlinePanel("modules", label="Module", min_num=1),
        *Item.shared_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["resources.TrainingIndex"]

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"

    def sections(self) -> list[tuple[str, str]]:
        modules = [
            (f"Module {number} · {module.title} ({module.duration_minutes} min)", module.body)
            for number, module in enumerate(self.modules.all(), start=1)
        ]
        return [("Objectifs", self.aims), *modules] if self.aims else modules


class TrainingModule(Orderable):
    """One step of a training."""

    training = ParentalKey(Training, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField("titre", max_length=200)
    duration_minutes = models.PositiveSmallIntegerField(
        "durée, en minutes", validators=[MinValueValidator(1)]
    )
    body = CleanRichTextField("contenu")

    class Meta(Orderable.Meta):
        verbose_name = "module"
        verbose_name_plural = "modules"

    def __str__(self) -> str:
        return self.title
