"""Teaching resources, under /ressources/."""

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


class Licence(models.TextChoices):
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_NC_SA = "cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0"
    LICENCE_OUVERTE = "etalab-2.0", "Licence Ouverte 2.0"


class TeachingIndex(BasePage):
    """The parent of all teaching resources, at /ressources/."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.TeachingResource"]
    promote_panels: ClassVar[list[Any]] = []
    preview_modes: ClassVar[list[Any]] = []  # shown by a list of its own

    class Meta:
        verbose_name = "liste des ressources pédagogiques"


class TeachingResource(Item):
    """A session, tool or sheet that a teacher uses with pupils."""

    kind = "teaching"
    kind_label = "Ressource pédagogique"
    is_creatable = True

    objective = CleanRichTextField("objectif")
    duration_minutes = models.PositiveSmallIntegerField(
        "durée, en minutes", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    material = CleanRichTextField("matériel", blank=True)
    steps = CleanRichTextField("déroulement")
    differentiation = CleanRichTextField("différencier", blank=True)
    assessment = CleanRichTextField("évaluer", blank=True)
    licence = models.CharField("licence", max_length=20, choices=Licence, default=Licence.CC_BY_SA)

    content_panels: ClassVar[list[Any]] = [
        *Item.head_panels,
        FieldPanel("objective"),
        FieldPanel("duration_minutes"),
        FieldPanel("material"),
        FieldPanel("steps"),
        FieldPanel("differentiation"),
        FieldPanel("assessment"),
        InlinePanel("links", label="Lien"),
        FieldPanel("licence"),
        *Item.shared_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["resources.TeachingIndex"]

    class Meta:
        verbose_name = "ressource pédagogique"
        verbose_name_plural = "ressources pédagogiques"

    def sections(self) -> list[tuple[str, str]]:
        pairs = [
            ("Objectif", self.objective),
            ("Matériel", self.material),
            ("Déroulement", self.steps),
            ("Différencier", self.differentiation),
            ("Évaluer", self.assessment),
        ]
        return [(heading, text) for heading, text in pairs if text]


class ResourceLink(Orderable):
    """A page elsewhere that the resource uses."""

    resource = ParentalKey(TeachingResource, on_delete=models.CASCADE, related_name="links")
    title = models.CharField("intitulé", max_length=200)
    url = models.URLField("adresse", max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = "lien"
        verbose_name_plural = "liens"

    def __str__(self) -> str:
        return self.title
