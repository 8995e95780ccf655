"""What the review asks of people: a reason, where somebody else has to understand it."""

from __future__ import annotations

from typing import Any

from django import forms

from kb.poles.models import Pole, open_poles


def _reason(label: str, missing: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": missing,
            "max_length": "Ce texte compte %(show_value)d caractères : ramenez-le à %(limit_value)d.",
        },
    )


class RefusalForm(forms.Form):
    """A refusal says what to change: it reaches the author by mail."""

    comment = _reason(
        "Ce qu’il faut modifier",
        "Indiquez ce qu’il faut modifier : l’auteur le recevra par courriel.",
        "L’auteur reçoit ce texte par courriel.",
    )


class ApprovalForm(forms.Form):
    """An approval may say a word."""

    comment = forms.CharField(
        label="Commentaire", required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class RetirementForm(forms.Form):
    """Taking a page offline has a reason, kept in its history."""

    reason = _reason(
        "Motif",
        "Indiquez pourquoi cette fiche est retirée : le motif est gardé et envoyé à ses auteurs.",
        "Le motif est gardé dans l’historique et envoyé aux auteurs par courriel.",
    )


class MergeForm(forms.Form):
    """Into which open pôle another is merged."""

    target = forms.ModelChoiceField(
        label="Pôle qui reçoit",
        queryset=Pole.objects.none(),
        error_messages={
            "required": "Choisissez le pôle qui reçoit les fiches.",
            "invalid_choice": "Choisissez un pôle ouvert de la liste.",
        },
    )

    def __init__(self, *args: Any, pole: Pole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields["target"]
        assert isinstance(target, forms.ModelChoiceField)  # noqa: S101  (declared above)
        target.queryset = open_poles().exclude(pk=pole.pk)
