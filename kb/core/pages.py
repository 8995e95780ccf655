"""The base of every page type: visibility is our own rule, so Wagtail's privacy and scheduling are switched off.

A page type does not decide who edits it: the room that knows the people registers a tester for it
(`permission_testers`; kb.moderation does). A type without one cannot be touched from the admin at all.
"""

from __future__ import annotations

from http import HTTPMethod
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PagePermissionTester, PageViewRestriction, Revision
from wagtail.utils.registry import ObjectTypeRegistry

#: Page type → the class that says what a person may do with such a page in the admin; subclasses inherit it.
permission_testers = ObjectTypeRegistry()


class BasePage(Page):
    """A page without Wagtail's privacy, schedule and menu: none of them is asked by `readers_of`."""

    class Meta:
        abstract = True

    private_page_options: ClassVar[list[str]] = []
    #: Pages are read; what changes them has addresses of its own.
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug")]
    settings_panels: ClassVar[list[Any]] = []

    def clean(self) -> None:
        super().clean()
        if "\x00" in (self.title or ""):
            raise ValidationError(
                {"title": "Le titre contient un caractère interdit : recopiez-le à la main."}
            )
        # A date set by code or by an old form would publish without review when it came.
        self.go_live_at = None
        self.expire_at = None

    def permissions_for_user(self, user: AbstractBaseUser | AnonymousUser) -> PagePermissionTester:
        return permission_testers.get_by_type(type(self))(user, self)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None, ever: `readers_of` is the only rule, and two queries a page would ask for what cannot be set."""
        restrictions: QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        return restrictions

    def get_admin_display_title(self) -> str:
        """The public title, not the draft's: the admin's lists show it to people who may not read the draft."""
        return str(self.title)

    def visible_in_admin_to(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """May the admin show `user` the latest version of this page? Items answer by `readers_of`."""
        return bool(self.live)

    def lacks(self) -> str:
        """What this version needs before it is published, in words for who approves it; empty: nothing.

        A draft may stop half-way, and the coordination's own drafts lie in review too.
        """
        return ""

    def retirable_by(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """May `user` take this page offline with a reason (« Retirer »)? Only items are retired."""
        return False

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """A revision is never written over, and a new one in review starts its review anew.

        Wagtail lets an author replace the content of a revision that somebody is reading: the approval of that
        revision would publish words that nobody approved. And it would leave the task at the older revision.
        """
        if kwargs.get("overwrite_revision") is not None:
            raise PermissionDenied("Une version enregistrée ne change plus : enregistrez-en une nouvelle.")
        revision = super().save_revision(*args, **kwargs)
        waiting = self.current_workflow_task_state
        if waiting is not None and waiting.revision_id != revision.pk:
            waiting.cancel(user=revision.user, resume=True)
        return revision
