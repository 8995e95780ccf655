"""Practice sheets: what a pôle tried, with what result. They live under their pôle's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable, Page

from kb.core.fields import CleanRichTextField
from kb.core.wording import measured
from kb.poles.models import Pole

from ..item import Item
from .forms import PracticeSheetForm


class PracticeSheet(Item):
    """A practice of a pôle that carries its proof."""

    kind = "practice"
    kind_label = "Fiche de pratique"
    text_relations = ("results",)
    is_creatable = True

    context = CleanRichTextField("le contexte")
    aim = CleanRichTextField("ce que nous avons voulu", blank=True)
    steps = CleanRichTextField("comment faire")
    partners = CleanRichTextField("les partenaires", blank=True)
    means = CleanRichTextField("les moyens", blank=True)
    success_factors = CleanRichTextField("ce qui fait la différence", blank=True)
    failures = CleanRichTextField("ce qui n’a pas marché", blank=True)
    transfer = CleanRichTextField("transférable si", blank=True)
    contact = CleanRichTextField("contact", blank=True, help_text="Une fonction, jamais le nom d’un élève.")
    based_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inspired",
        verbose_name="reprend la fiche",
    )

    content_panels: ClassVar[list[Any]] = [
        *Item.head_panels,
        FieldPanel("context"),
        FieldPanel("aim"),
        FieldPanel("steps"),
        FieldPanel("partners"),
        FieldPanel("means"),
        InlinePanel("results", label="Résultat"),
        FieldPanel("success_factors"),
        FieldPanel("failures"),
        FieldPanel("transfer"),
        FieldPanel("contact"),
        PageChooserPanel("based_on", page_type="resources.PracticeSheet"),
        *Item.shared_panels,
    ]
    base_form_class = PracticeSheetForm
    parent_page_types: ClassVar[list[str]] = ["poles.Pole"]

    class Meta:
        verbose_name = "fiche de pratique"
        verbose_name_plural = "fiches de pratique"

    def clean(self) -> None:
        super().clean()
        if self.based_on_id and self.based_on_id == self.pk:
            raise ValidationError({"based_on": "Une fiche ne peut pas se reprendre elle-même."})

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """A pôle that is closed, merged or not published takes no new sheet, from an administrator neither."""
        return bool(super().can_create_at(parent)) and _is_open_pole(parent)

    def can_move_to(self, parent: Page) -> bool:
        return bool(super().can_move_to(parent)) and _is_open_pole(parent)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._take_pole_of_parent()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._take_pole_of_parent()
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> PracticeSheet:
        """A version's pôle is the one under which the page lies now, whatever the version says."""
        version: PracticeSheet = super().with_content_json(content)
        version._take_pole_of_parent()
        return version

    def _take_pole_of_parent(self) -> None:
        # The page tree gives rights on a pôle; a second opinion in a field would part from it.
        if self.path and self.depth and self.depth > 1:
            parent_path = self.path[: -self.steplen]
            self.pole = Pole.objects.filter(path=parent_path).first() or self.pole

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`source`: the sheet that this one takes over, if this reader may read it; `figures`: its results."""
        context = super().get_context(request, *args, **kwargs)
        context["figures"] = self.results.all()
        readable = PracticeSheet.objects.readable_by(request.user)
        context["source"] = readable.filter(pk=self.based_on_id).first() if self.based_on_id else None
        return context

    def sections(self) -> list[tuple[str, str]]:
        names = (
            "context",
            "aim",
            "steps",
            "partners",
            "means",
            "success_factors",
            "failures",
            "transfer",
            "contact",
        )
        pairs = [(str(self._meta.get_field(name).verbose_name), getattr(self, name)) for name in names]
        return [(heading[:1].upper() + heading[1:], text) for heading, text in pairs if text]

    def lines(self) -> list[str]:
        return [result.indicator for result in self.results.all()]


def _is_open_pole(page: Page) -> bool:
    pole = page.specific
    return isinstance(pole, Pole) and pole.live and pole.is_open


class PracticeResult(Orderable):
    """The proof: one indicator before and after."""

    sheet = ParentalKey(PracticeSheet, on_delete=models.CASCADE, related_name="results")
    indicator = models.CharField("indicateur", max_length=250)
    before = models.DecimalField("avant", max_digits=10, decimal_places=2, null=True, blank=True)
    after = models.DecimalField("après", max_digits=10, decimal_places=2)
    unit = models.CharField("unité", max_length=50, blank=True)
    is_example = models.BooleanField("chiffres d’exemple", default=False)

    class Meta(Orderable.Meta):
        verbose_name = "résultat"
        verbose_name_plural = "résultats"

    def __str__(self) -> str:
        return self.indicator

    @property
    def before_told(self) -> str:
        """« 1 place », « 12,5 % », and nothing when it was not noted."""
        return "" if self.before is None else measured(self.before, self.unit)

    @property
    def after_told(self) -> str:
        return measured(self.after, self.unit)

    @property
    def before_width(self) -> int:
        """Of its bar, in hundredths of the longer one of the two."""
        return self._width(self.before)

    @property
    def after_width(self) -> int:
        return self._width(self.after)

    def _width(self, value: Decimal | None) -> int:
        longest = max(abs(self.before or Decimal(0)), abs(self.after))
        return round(100 * abs(value or Decimal(0)) / longest) if longest else 0
