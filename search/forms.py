"""The query string, checked before any query is built: what passes here, every engine can answer.

Refused (400) is what no form of ours sends: a NUL, a page out of range, a question or a value without end. A value
that no item has is an ordinary question whose answer is nothing; a parameter that we do not know is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from .document import clean_text
from .facets import FACET_NAMES, FACETS
from .request import DEEPEST, PAGE_SIZE, SORTS, SearchRequest, Sort

LONGEST_QUESTION = 500
LONGEST_VALUE = 100
MOST_VALUES = 50
LAST_PAGE = DEEPEST // PAGE_SIZE

EXAMPLE = "rapport de stage, tuteur, mobilité…"
SORT_LABELS: dict[Sort, str] = {"pertinence": "Pertinence", "date": "Date"}

NUL = "Cette adresse contient un caractère interdit : recommencez la recherche depuis cette page."
PAGE = f"Le numéro de page va de 1 à {LAST_PAGE} : revenez à la première page ou précisez votre recherche."
LONG_QUESTION = f"La question compte plus de {LONGEST_QUESTION} caractères : gardez-en quelques mots."
VALUES = "Un filtre de cette adresse n’est pas valable : recommencez la recherche depuis cette page."


class ValuesField(forms.Field):
    """The values of one facet: short texts, once each, in the order in which they came."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(text for text in value or () if text))
        if any("\x00" in text for text in values):
            raise ValidationError(NUL)
        if len(values) > MOST_VALUES or any(len(text) > LONGEST_VALUE for text in values):
            raise ValidationError(VALUES)
        return values


class SearchForm(forms.Form):
    """To be bound to `request.GET`."""

    q = forms.CharField(
        label="Que cherchez-vous ?",
        required=False,
        max_length=LONGEST_QUESTION,
        error_messages={"max_length": LONG_QUESTION, "null_characters_not_allowed": NUL},
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": EXAMPLE,
            }
        ),
    )
    sort = forms.CharField(required=False, error_messages={"null_characters_not_allowed": NUL})
    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LAST_PAGE,
        error_messages={"min_value": PAGE, "max_value": PAGE, "invalid": PAGE},
    )

    exact = forms.CharField(
        required=False,
        max_length=LONGEST_QUESTION,
        error_messages={"max_length": LONG_QUESTION, "null_characters_not_allowed": NUL},
    )
    """The question that is to be searched as it was typed; the next one is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for facet in FACETS:
            self.fields[facet.name] = ValuesField(label=facet.label, required=False)

    def clean_q(self) -> str:
        """As engines and addresses write it: one sign a letter, accents included, and no control character."""
        return clean_text(self.cleaned_data["q"])

    def clean_exact(self) -> str:
        return clean_text(self.cleaned_data["exact"])

    def clean_sort(self) -> str:
        """An order that we do not have is the usual one: addresses outlive the choices of a page."""
        sort = self.cleaned_data["sort"]
        return sort if sort in SORTS else SORTS[0]

    def clean_page(self) -> int:
        return self.cleaned_data["page"] or 1

    def to_request(self) -> SearchRequest:
        """What to ask of an engine, once the form is valid."""
        data = self.cleaned_data
        filters = {name: data[name] for name in FACET_NAMES if data[name]}
        return SearchRequest(
            q=data["q"],
            filters=filters,
            sort=data["sort"],
            page=data["page"],
            as_typed=bool(data["q"]) and data["exact"] == data["q"],
        )

    def sound_filters(self) -> list[forms.BoundField]:
        """The filters of a refused address that are right: they come along when the rest is put right."""
        return [self[name] for name in FACET_NAMES if name not in self.errors and self[name].value()]

    def problems(self) -> list[str]:
        """What is wrong, once each, whichever field it was found in."""
        return list(dict.fromkeys(str(text) for errors in self.errors.values() for text in errors))


def query_string(
    request: SearchRequest, *, page: int = 1, filters: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    """The address of the same search with another page or other filters; what is usual is left out."""
    pairs = [("q", request.q)] if request.q else []
    pairs += [
        (name, value)
        for name, values in (request.filters if filters is None else filters).items()
        for value in values
    ]
    if request.q and request.as_typed:
        pairs.append(("exact", request.q))
    if request.sort != SORTS[0]:
        pairs.append(("sort", request.sort))
    if page > 1:
        pairs.append(("page", str(page)))
    return "?" + urlencode(pairs)
