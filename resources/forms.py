"""The admin form of an item: terms grouped by vocabulary, tags in one spelling, people by name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm

from kb.poles.models import Pole, open_poles
from kb.vocabulary.models import Facet, Term, tag_slug

from .people_field import PeopleField


class GroupedTerms(forms.models.ModelChoiceIterator):
    """Choices of a term field under the names of their vocabularies."""

    def __iter__(self) -> Any:
        groups: dict[str, list[Any]] = {facet.value: [] for facet in Facet}
        for term in self.queryset:
            groups[term.facet].append(self.choice(term))
        return ((Facet(facet).label, choices) for facet, choices in groups.items() if choices)


class TermField(forms.ModelMultipleChoiceField):
    iterator = GroupedTerms


def _accept_former_number(row: forms.ModelForm[Any], name: str) -> None:
    """Lets an older version be taken again whose row has gone from the database since.

    Wagtail only takes numbers that are in the database. The number is not trusted: it finds a row of the version that
    is edited, or else the row is new.
    """
    row.fields[name] = forms.IntegerField(
        required=False, widget=forms.HiddenInput, initial=row.fields[name].initial
    )


class ItemForm(WagtailAdminPageForm):
    """Offers the terms that are valid today and those that the item already bears."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "terms" in self.fields:
            held = [term.pk for term in self.instance.terms.all()]
            valid = Term.objects.valid_on().values("pk")
            choices = Term.objects.filter(models.Q(pk__in=valid) | models.Q(pk__in=held))
            old = self.fields["terms"]
            self.fields["terms"] = TermField(
                queryset=choices, required=False, label=old.label, help_text=old.help_text, widget=old.widget
            )
            self.fields["terms"].widget.choices = self.fields["terms"].choices
        for name in {"authors", "draft_readers"} & self.fields.keys():
            old, people = self.fields[name], getattr(self.instance, name).all()
            self.fields[name] = PeopleField(
                held=[person.pk for person in people], label=old.label, help_text=old.help_text
            )
        if "pole" in self.fields and self.for_user is not None:
            self._offer_open_poles()
        for formset in self.formsets.values():
            for row in formset.forms:
                _accept_former_number(row, formset._pk_field.name)

    def _offer_open_poles(self) -> None:
        """And the one that the item names already; the title of a pôle that is not published is told to nobody."""
        from .admin_reading import guard_chooser  # it reads items, whose form this is

        field = self.fields["pole"]
        field.queryset = Pole.objects.filter(
            models.Q(pk__in=open_poles().values("pk")) | models.Q(pk=self.instance.pole_id)
        )
        field.error_messages["invalid_choice"] = "Choisissez un pôle ouvert et publié."
        guard_chooser(field.widget, self.for_user)

    def clean_tags(self) -> list[str]:
        # The field takes a pasted « entretien, oral » for one word, though its help says how to part two.
        typed = [part.strip() for tag in self.cleaned_data["tags"] for part in tag.split(",")]
        tags: list[str] = list(dict.fromkeys(filter(None, typed)))
        for tag in tags:
            if not tag_slug(tag):
                raise ValidationError(
                    f"«\u00a0{tag}\u00a0» n’est pas un mot-clé\u00a0: il y faut au moins une lettre ou un chiffre."
                )
        return tags

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        if not valid and "attachments" in self.formsets:
            self.formsets["attachments"].keep_uploads()
        return valid
