"""Pôle pages, zones d’emploi and establishments.

A pôle that holds anything is never deleted (`Pole.is_held`): it is closed, or merged into another
(kb.moderation.merging).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, Revision

from kb.core.fields import CleanRichTextField
from kb.core.pages import BasePage

from .territory import territory_of
from .uai import validate_uai


class Department(models.TextChoices):
    COTE_D_OR = "21", "Côte-d’Or"
    NIEVRE = "58", "Nièvre"
    SAONE_ET_LOIRE = "71", "Saône-et-Loire"
    YONNE = "89", "Yonne"


class EmploymentZone(models.Model):
    """A zone d’emploi (2010 zoning)."""

    slug = models.SlugField("code", max_length=60, unique=True)
    name = models.CharField("nom", max_length=100)
    department = models.CharField("département", max_length=2, choices=Department)
    latitude = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(41), MaxValueValidator(52)],
        help_text="De la ville principale, en degrés : elle place la zone sur la carte.",
    )
    longitude = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-6), MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = "zone d’emploi"
        verbose_name_plural = "zones d’emploi"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PoleIndex(BasePage):
    """The parent of all pôles, at /poles/."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["poles.Pole"]
    promote_panels: ClassVar[list[Any]] = []
    preview_modes: ClassVar[list[Any]] = []  # shown by a list of its own

    class Meta:
        verbose_name = "liste des pôles"


class Pole(BasePage):
    """A pôle de stages: its practice sheets are the pages under it, so the page tree gives rights on one pôle."""

    # Named, so that an item's own `pole` does not clash with the link from every page down to its pôle.
    page_ptr = models.OneToOneField(
        Page, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_pole"
    )
    introduction = CleanRichTextField("présentation", blank=True)
    zones = ParentalManyToManyField(
        EmploymentZone, blank=True, related_name="poles", verbose_name="zones d’emploi"
    )
    is_demonstration = models.BooleanField(
        "donnée de démonstration",
        default=False,
        help_text="Le pôle est signalé comme fictif sur toutes ses pages.",
    )
    closed_on = models.DateField(
        "fermé le",
        null=True,
        blank=True,
        help_text="Ses fiches restent lisibles ; on n’en ajoute plus. "
        "Vaut une fois la page approuvée par une autre personne de la coordination.",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name="réuni à",
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("zones"),
        FieldPanel("is_demonstration"),
        FieldPanel("closed_on"),
    ]
    parent_page_types: ClassVar[list[str]] = ["poles.PoleIndex"]
    subpage_types: ClassVar[list[str]] = ["resources.PracticeSheet"]

    class Meta:
        verbose_name = "pôle de stages"
        verbose_name_plural = "pôles de stages"

    def clean(self) -> None:
        super().clean()
        stored = Pole.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and not stored.live and stored.slug != self.slug and self.get_descendants().live().exists():
            # Nobody reviews what is not published, and the addresses of the sheets below begin with this one.
            raise ValidationError(
                {
                    "slug": "Des fiches en ligne ont cette adresse : elle ne change pas si le pôle est hors ligne."
                }
            )

    @property
    def is_open(self) -> bool:
        return self.merged_into_id is None and (
            self.closed_on is None or self.closed_on > timezone.localdate()
        )

    @property
    def is_held(self) -> bool:
        """Does anything, in any state, lie under this pôle or name it? A version that names it cannot be read
        any more once it is gone, so old versions count too."""
        protected = [link for link in self._meta.related_objects if link.on_delete is models.PROTECT]
        return (
            self.get_children().exists()
            or any(
                link.related_model._base_manager.filter(**{link.field.name: self.pk}).exists()
                for link in protected
            )
            or Revision.objects.page_revisions().filter(content__pole=self.pk).exists()
        )

    def with_content_json(self, content: dict[str, Any]) -> Pole:
        """Which pôle it was merged into is a fact about the pôle, not about one version of its text."""
        version: Pole = super().with_content_json(content)
        version.merged_into_id = self.merged_into_id
        return version

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Its territory: zones d’emploi, their place on the map, establishments."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        zones = list(self.zones.all())
        mine = [("•", self, [zone.pk for zone in zones])]
        context["zones"] = zones
        context["territory"] = territory_of(EmploymentZone.objects.all(), mine, only=self)
        context["establishments"] = self.establishments.all() if self.pk else []
        return context

    @property
    def departments(self) -> list[str]:
        """Codes of the départements that its zones d’emploi lie in, sorted."""
        return sorted({zone.department for zone in self.zones.all()})


def open_poles() -> models.QuerySet[Pole]:
    """The published pôles that take new sheets today; says in SQL what `is_open` says of one."""
    unclosed = models.Q(closed_on=None) | models.Q(closed_on__gt=timezone.localdate())
    poles: models.QuerySet[Pole] = Pole.objects.live().filter(unclosed, merged_into=None).order_by("title")
    return poles


class EstablishmentKind(models.TextChoices):
    COLLEGE = "college", "Collège"
    LYCEE_GT = "lycee-gt", "Lycée général et technologique"
    LYCEE_PRO = "lycee-pro", "Lycée professionnel"
    LYCEE_POLYVALENT = "lycee-polyvalent", "Lycée polyvalent"
    EREA = "erea", "EREA"
    CFA = "cfa", "CFA"
    OTHER = "autre", "Autre"


class Establishment(models.Model):
    """A school: an institution, never a person."""

    uai = models.CharField("code UAI", max_length=8, unique=True, validators=[validate_uai])
    name = models.CharField("nom", max_length=150)
    kind = models.CharField("type", max_length=20, choices=EstablishmentKind)
    city = models.CharField("commune", max_length=100)
    priority_education = models.CharField(
        "éducation prioritaire",
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^REP\+?$", "« REP », « REP+ » ou rien.")],
    )
    pole = models.ForeignKey(
        Pole,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="establishments",
        verbose_name="pôle",
    )

    class Meta:
        verbose_name = "établissement"
        verbose_name_plural = "établissements"
        ordering = ("city", "name")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}, {self.city}"
