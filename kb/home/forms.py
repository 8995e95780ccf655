"""What is asked on the home page's first door: a class and a departure date, sent by GET and kept nowhere."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kb.vocabulary.models import Facet, Term

from .weeks import MOST_WEEKS

_DATE = "Écrivez la date ainsi : 07/12/2026."
_FAR = "Cette date est à plus de deux ans d’ici : vérifiez l’année."
_LENGTH = f"Un nombre de semaines va de 1 à {MOST_WEEKS}."


class DepartureForm(forms.Form):
    """To be bound to `request.GET`."""

    classe = forms.ChoiceField(
        label="Ma classe",
        error_messages={
            "required": "Choisissez une classe dans la liste.",
            "invalid_choice": "Choisissez une classe dans la liste.",
        },
    )
    depart = forms.DateField(
        label="Date de départ",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Indiquez la date de départ.", "invalid": _DATE},
    )
    semaines = forms.IntegerField(
        label="Durée, en semaines",
        required=False,
        min_value=1,
        max_value=MOST_WEEKS,
        help_text="Facultatif : sinon, la durée habituelle.",
        error_messages={"invalid": _LENGTH, "min_value": _LENGTH, "max_value": _LENGTH},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = Term.objects.filter(facet=Facet.PUBLIC).valid_on().order_by("position", "slug")
        choices = [("", "Choisissez…"), *terms.values_list("slug", "label")]
        self.fields["classe"].choices = choices  # type: ignore[attr-defined]

    def clean_depart(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["depart"]
        if abs((day - timezone.localdate()).days) > 2 * 366:
            raise ValidationError(_FAR)
        return day
