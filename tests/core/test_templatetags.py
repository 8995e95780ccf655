from __future__ import annotations

import datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from kb.core.templatetags.duration import duration


def shown(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2027, 10, 1), "1er\u00a0octobre\u00a02027"),
        (datetime.date(2026, 8, 31), "31\u00a0août\u00a02026"),
        (datetime.datetime(2026, 1, 31, 22, 59, tzinfo=datetime.UTC), "31\u00a0janvier\u00a02026"),
        (datetime.datetime(2026, 1, 31, 23, 0, tzinfo=datetime.UTC), "1er\u00a0février\u00a02026"),
        (None, ""),
    ],
)
def test_a_day_is_written_as_in_french_and_in_one_piece(day: datetime.date | None, expected: str) -> None:
    assert shown("{% load jour %}{{ day|jour }}", day=day) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 fiche"), (1, "1 fiche"), (2, "2 fiches"), (1_000, "1\u202f000 fiches")]
)
def test_words_of_a_template_agree_with_their_number(number: int, expected: str) -> None:
    assert shown('{% load counted %}{{ number|counted:"fiche" }}', number=number) == expected


def test_a_field_is_marked_and_has_its_words_in_its_label_alone() -> None:
    class Contact(forms.Form):
        email = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": "Courriel"}))
        note = forms.CharField(required=False)

    text = (
        '{% include "components/field.html" with field=form.email label="Adresse" example="nom@exemple.fr" %}'
    )
    html = shown(text, form=Contact())
    assert "placeholder" not in html
    assert 'type="email"' in html
    assert "Adresse <span" in html
    assert "(obligatoire)" in html
    assert "Par exemple\u00a0: nom@exemple.fr</span></label>" in html
    html = shown('{% include "components/field.html" with field=form.note %}', form=Contact())
    assert "obligatoire" not in html
    assert "exemple" not in html


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1\u00a0h"),
        (65, "1\u00a0h\u00a005"),
        (150, "2\u00a0h\u00a030"),
    ],
)
def test_a_duration_as_it_is_said(minutes: int, said: str) -> None:
    assert duration(minutes) == said
