"""Which pages the admin lists for a person: those that their groups let them explore and that they may read."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from wagtail.models import AbstractPage, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from kb.accounts.tokens import is_coordination

from .admin_reading import pages_named_to


class ReadablePages(PagePermissionPolicy):
    """Wagtail's rights by groups, less what `readers_of` keeps from the person: explorer, search, reports and API."""

    def instances_user_has_any_permission_for(
        self, user: AbstractBaseUser, actions: Collection[str]
    ) -> QuerySet[Page]:
        return _less_hidden(super().instances_user_has_any_permission_for(user, actions), user)

    def explorable_instances(self, user: AbstractBaseUser) -> QuerySet[Page]:
        return _less_hidden(super().explorable_instances(user), user)


def _less_hidden(pages: QuerySet[Page], user: AbstractBaseUser) -> QuerySet[Page]:
    if is_coordination(user):
        return pages
    return pages.filter(pk__in=pages_named_to(user).values("pk"))


def register() -> None:
    """In the place of Wagtail's own policy, for every page type."""
    register_permission_policy(AbstractPage, ReadablePages())
