"""Wagtail's application of users with our form of a person, in the place of its own."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    user_viewset = "kb.accounts.viewsets.PeopleViewSet"
