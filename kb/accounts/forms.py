"""The administrator's form of a person: roles give groups (kb.accounts.groups), nobody ticks them by hand."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from wagtail.users.forms import UserCreationForm, UserEditForm

from .groups import is_managed, synchronise
from .models import User


class GroupsOfRoles:
    """A group that a role gives would be taken away again at the next sign-in: only the others are offered."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["groups"]
        field.queryset = Group.objects.exclude(
            pk__in=[g.pk for g in Group.objects.all() if is_managed(g.name)]
        )
        field.help_text = (
            "Les rôles (animateur, coordination…) se donnent dans « Référentiel », « Rôles des personnes »."
        )

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)  # type: ignore[misc]
        if commit:
            synchronise(user)  # what the roles give was not among the choices
        return user


class NewPersonForm(GroupsOfRoles, UserCreationForm):
    pass


class PersonForm(GroupsOfRoles, UserEditForm):
    pass
