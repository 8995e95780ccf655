"""From a public page to the workspace: what this reader may do with the item, each with its address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from kb.accounts.tokens import tokens_of
from kb.core.readers import readers_of

if TYPE_CHECKING:
    from .item import Item


@dataclass(frozen=True)
class Action:
    label: str
    url: str


def actions_for(item: Item, user: AbstractBaseUser | AnonymousUser, *, draft: bool) -> list[Action]:
    """None for who has no workspace, nor for what was never saved. `draft`: the page shows the version that waits."""
    if item.pk is None or not user.has_perm("wagtailadmin.access_admin"):  # type: ignore[union-attr]
        return []
    found = []
    if not draft and item.has_unpublished_changes and readers_of(item.draft_version()) & tokens_of(user):
        found.append(Action("Lire la version qui attend", reverse("draft", args=[item.pk])))
    if item.permissions_for_user(user).can_edit():
        found.append(Action("Modifier", reverse("wagtailadmin_pages:edit", args=[item.pk])))
    if item.live and item.retirable_by(user):
        # Then to what the page stood under: its draft may be closed to who takes it offline.
        above = f"{item.url.rstrip('/').rpartition('/')[0]}/"
        address = f"{reverse('retire', args=[item.pk])}?{urlencode({'next': above})}"
        found.append(Action("Retirer", address))
    return found
