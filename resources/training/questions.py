"""The questions of a quiz as the admin edits them. What is read of them elsewhere is `quiz.Question`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    ListBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)
from wagtail.blocks.struct_block import StructBlockValidationError, StructValue

GAP = "[…]"
LONGEST = 300


class AnswerBlock(StructBlock):
    text = CharBlock(label="réponse", max_length=LONGEST)
    right = BooleanBlock(label="bonne réponse", required=False)
    feedback = TextBlock(label="retour", max_length=600, help_text="Pourquoi, et que faire plutôt.")


class QuestionBlock(StructBlock):
    """A question that is proposed can be answered; a draft may stop anywhere."""

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        if not self.is_deferred_validation:
            self.check_whole(cleaned)
        return cleaned

    def check_whole(self, question: StructValue) -> None:
        """Raises StructBlockValidationError."""


class SingleBlock(QuestionBlock):
    text = TextBlock(label="question", max_length=600)
    answers = ListBlock(AnswerBlock(label="Réponse"), label="réponses", min_num=2, max_num=8)

    class Meta:
        icon = "radio-full"
        label = "Choix unique"

    def check_whole(self, question: StructValue) -> None:
        if sum(answer["right"] for answer in question["answers"]) != 1:
            _refuse("answers", "Cochez une bonne réponse, et une seule.")


class MultipleBlock(QuestionBlock):
    text = TextBlock(label="question", max_length=600, help_text="Dites qu’il y a plusieurs réponses.")
    answers = ListBlock(AnswerBlock(label="Réponse"), label="réponses", min_num=3, max_num=8)

    class Meta:
        icon = "tick-inverse"
        label = "Choix multiple"

    def check_whole(self, question: StructValue) -> None:
        right = sum(answer["right"] for answer in question["answers"])
        if not 0 < right < len(question["answers"]):
            _refuse("answers", "Il faut au moins une bonne réponse, et une qui ne l’est pas.")


class TrueFalseBlock(QuestionBlock):
    text = TextBlock(label="affirmation", max_length=600)
    answer = ChoiceBlock(label="elle est", choices=[("true", "vraie"), ("false", "fausse")])
    explanation = TextBlock(label="explication", max_length=600)

    class Meta:
        icon = "circle-check"
        label = "Vrai ou faux"


class OrderingBlock(QuestionBlock):
    text = TextBlock(label="consigne", max_length=600)
    steps = ListBlock(
        CharBlock(label="Étape", max_length=LONGEST),
        label="étapes, dans le bon ordre",
        min_num=3,
        max_num=8,
        help_text="Elles seront mélangées.",
    )
    right = TextBlock(label="retour si l’ordre est juste", max_length=600)
    wrong = TextBlock(
        label="retour s’il ne l’est pas", max_length=600, help_text="Une piste, pas la solution."
    )

    class Meta:
        icon = "list-ol"
        label = "Remettre en ordre"

    def check_whole(self, question: StructValue) -> None:
        if len(set(question["steps"])) != len(question["steps"]):
            _refuse("steps", "Deux étapes se lisent pareil : on ne saurait les distinguer.")


class GapBlock(QuestionBlock):
    text = TextBlock(label="phrase", max_length=600, help_text=f"Écrivez {GAP} à la place du mot à trouver.")
    answers = ListBlock(
        AnswerBlock(label="Réponse"),
        label="réponses prévues",
        min_num=1,
        max_num=40,
        help_text=(
            "Toutes les écritures acceptées, et les erreurs que l’on fait souvent. Majuscules et accents ne comptent "
            "pas."
        ),
    )
    wrong = TextBlock(label="retour pour toute autre réponse", max_length=600, help_text="Une piste.")

    class Meta:
        icon = "edit"
        label = "Texte à trou"

    def clean(self, value: StructValue) -> StructValue:
        value["text"] = (value["text"] or "").replace("[...]", GAP)
        return super().clean(value)

    def check_whole(self, question: StructValue) -> None:
        if question["text"].count(GAP) != 1:
            _refuse("text", f"La phrase doit contenir {GAP} une fois, et une seule.")
        if not any(answer["right"] for answer in question["answers"]):
            _refuse("answers", "Cochez au moins une réponse acceptée.")


class QuizBlock(StreamBlock):
    single = SingleBlock()
    multiple = MultipleBlock()
    true_false = TrueFalseBlock()
    ordering = OrderingBlock()
    gap = GapBlock()


def _refuse(field: str, message: str) -> Any:
    raise StructBlockValidationError(block_errors={field: ValidationError(message)})
