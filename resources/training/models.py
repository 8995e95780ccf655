"""Trainings and their modules, under /formations/."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import Orderable

from kb.core.fields import CleanRichTextField, CleanStreamField
from kb.core.pages import BasePage

from ..item import Item
from .content import ContentBlock, html_of
from .forms import TrainingForm
from .panels import ModulesPanel
from .questions import QuizBlock
from .quiz import Question, questions_of


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
        ModulesPanel("modules", label="Module", min_num=1),
        *Item.shared_panels,
    ]
    base_form_class = TrainingForm
    parent_page_types: ClassVar[list[str]] = ["resources.TrainingIndex"]

    class Meta:
        verbose_name = "formation"
        verbose_name_plural = "formations"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`modules`: read once for all that the page shows of them."""
        context = super().get_context(request, *args, **kwargs)
        context["modules"] = list(self.modules.all())
        return context

    def lacks(self) -> str:
        modules = self.modules.all()
        if not modules or not all(module.title.strip() for module in modules):
            return "Il faut un module au moins, et un titre à chacun : complétez, puis soumettez de nouveau."
        halves = [module.title for module in self.modules.all() if not module.is_whole]
        if not halves:
            return super().lacks()
        named = ", ".join(f"« {title} »" for title in halves)
        return (
            f"Une question ou un texte n’est pas terminé dans {named} : complétez, puis soumettez de nouveau."
        )

    def sections(self) -> list[tuple[str, str]]:
        modules = [
            (f"Module {number} · {module.title} ({module.duration_minutes} min)", html_of(module.content))
            for number, module in enumerate(self.modules.all(), start=1)
        ]
        return [("Objectifs", self.aims), *modules] if self.aims else modules


def new_key() -> str:
    """48 bits or so: two modules of one training never get the same."""
    return get_random_string(8)


class TrainingModule(Orderable):
    """One step of a training: something to read, then questions about it.

    `key` is what the progress of those who follow hangs on: it stays the same whatever is changed in the module, from
    version to version, and says nothing of its place.
    """

    training = ParentalKey(Training, on_delete=models.CASCADE, related_name="modules")
    key = models.CharField(max_length=8, default=new_key, blank=True)
    title = models.CharField("titre", max_length=200)
    duration_minutes = models.PositiveSmallIntegerField(
        "durée, en minutes", validators=[MinValueValidator(1)], help_text="De 5 à 15 : le temps d’une pause."
    )
    content = CleanStreamField(ContentBlock(), verbose_name="contenu")
    quiz = CleanStreamField(QuizBlock(required=False), verbose_name="questions", blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        "bonnes réponses demandées, en %",
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("key"),
        FieldPanel("title"),
        FieldPanel("duration_minutes"),
        FieldPanel("content"),
        HelpPanel("Sans question, le module compte dès que son lecteur dit l’avoir lu."),
        FieldPanel("quiz"),
        FieldPanel("pass_mark"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "module"
        verbose_name_plural = "modules"

    def __str__(self) -> str:
        return self.title

    @property
    def right_needed(self) -> int:
        """Of its questions: `pass_mark` in whole answers."""
        return -(-self.pass_mark * len(self.questions) // 100)

    @property
    def is_whole(self) -> bool:
        """Would the editor let it be proposed? Text, questions, answers and feedback."""
        for name in ("content", "quiz"):
            value = getattr(self, name)
            try:
                value.stream_block.clean(value)
            except ValidationError:
                return False
        return True

    @cached_property
    def questions(self) -> list[Question]:
        return questions_of(self.quiz)
