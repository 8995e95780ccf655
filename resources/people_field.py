"""People named in a form by their addresses: nobody gets a list of all the accounts to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from kb.accounts.models import User

_BETWEEN = re.compile(r"[\s,;]+")
#: Nobody writes a sheet with a hundred others; a pasted address book is a mistake.
MOST = 50


class PeopleField(forms.CharField):
    """The value is a list of people, in the order in which they were typed; `held` stay even if they left."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, *, held: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.held = frozenset(held)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        people = User.objects.filter(pk__in=[getattr(person, "pk", person) for person in value])
        return ", ".join(people.order_by("email").values_list("email", flat=True))

    def clean(self, value: Any) -> Any:
        typed = list(dict.fromkeys(filter(None, _BETWEEN.split(super().clean(value).lower()))))
        if len(typed) > MOST:
            raise ValidationError(f"Nommez {MOST} personnes au plus.")
        known = User.objects.filter(Q(is_active=True) | Q(pk__in=self.held), email__in=typed)
        people = {person.email: person for person in known}
        if unknown := [address for address in typed if address not in people]:
            raise ValidationError(
                f"Aucun compte n’a cette adresse : {', '.join(unknown)}. Corrigez-la, ou retirez-la."
            )
        return [people[address] for address in typed]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, now = (set(_BETWEEN.split(str(self.prepare_value(v) or "").lower())) for v in (initial, data))
        return before - {""} != now - {""}
