"""What a person may do with a page in the admin. Rights of groups are looked at together with the roles of today:
a group follows its members' roles once a day, a rule follows them at once.

Nobody but an administrator publishes, unpublishes, reorders or locks. The review (`CoordinationReviewTask`) and
« Retirer » (`kb.moderation.retiring`) are the two ways of everybody else.
"""

from __future__ import annotations

from wagtail.models import Page, PagePermissionTester

from kb.accounts.tokens import is_coordination, staffs_pole, tokens_of
from kb.core.pages import BasePage, permission_testers
from kb.core.readers import MEMBER
from kb.poles.models import Pole


class SectionTester(PagePermissionTester):
    """Home and the lists: only an administrator edits them, and nobody moves, copies or deletes them."""

    @property
    def is_administrator(self) -> bool:
        return bool(self.user.is_active and self.user.is_superuser)

    @property
    def is_coordination(self) -> bool:
        return is_coordination(self.user)

    def holds(self, right: str) -> bool:
        """Does a group of the person give this right (add, change) here? Administrators hold all."""
        return self.is_administrator or (self.user.is_active and right in self.permissions)

    def can_add_subpage(self) -> bool:
        """Who a group lets add here, as long as their role lasts."""
        return super().can_add_subpage() and (self.is_administrator or MEMBER in tokens_of(self.user))

    def can_edit(self) -> bool:
        return self.is_administrator and not self.page_is_root

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return self.is_administrator and super().can_unpublish()

    def can_publish(self) -> bool:
        return self.is_administrator and super().can_publish()

    def can_publish_subpage(self) -> bool:
        return self.is_administrator and super().can_publish_subpage()

    def can_submit_for_moderation(self) -> bool:
        return self.can_edit() and super().can_submit_for_moderation()

    def can_set_view_restrictions(self) -> bool:
        return False  # visibility is the only rule

    def can_lock(self) -> bool:
        return self.is_administrator

    def can_unlock(self) -> bool:
        return self.is_administrator or self.user_has_lock()

    def can_reorder_children(self) -> bool:
        return self.is_administrator

    def can_view_revisions(self) -> bool:
        return self.can_edit()

    def can_move_to(self, destination: Page) -> bool:
        """To where the person could also have written the page."""
        return (
            super().can_move_to(destination) and destination.permissions_for_user(self.user).can_add_subpage()
        )


class PoleTester(SectionTester):
    """A pôle's own page is the coordination's; its animateur and deputies write under it while they are that.

    The right « change » of the pôle's group counts for the sheets under the page, never for the page.
    """

    def can_add_subpage(self) -> bool:
        """Closed and merged pôles take no new sheet (PracticeSheet.can_create_at)."""
        return super().can_add_subpage() and (self.is_coordination or staffs_pole(self.user, self.page.pk))

    def can_edit(self) -> bool:
        if self.is_administrator:
            return True
        return self.is_coordination and self.holds("change") and self.page.merged_into_id is None

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """An administrator deletes a pôle that never held anything; the others are closed or merged."""
        return self.is_administrator and not self.page.is_held


class ItemTester(SectionTester):
    """Items: written by their owner and their pôle's staff, edited by the coordination, read by `readers_of` first.

    What a person may not read they cannot edit, whatever their group says.
    """

    def can_add_subpage(self) -> bool:
        return False

    def can_edit(self) -> bool:
        if self.is_administrator:
            return True
        keeps_here = self.holds("change") and (
            self.is_coordination or staffs_pole(self.user, self.page.pole_id)
        )
        wrote_here = (
            self.holds("add") and self.page.owner_id == self.user.pk and MEMBER in tokens_of(self.user)
        )
        return (keeps_here or wrote_here) and self.page.visible_in_admin_to(self.user)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """A draft, by one of its authors; what is published, or waits for its review, by an administrator alone."""
        if self.is_administrator:
            return True
        return self._is_free_draft() and self.user.pk in self.page.author_ids and self.can_edit()

    def can_move(self) -> bool:
        """A draft, by one of its authors or the coordination: moving what is published publishes it elsewhere."""
        if self.is_administrator:
            return True
        mine = self.is_coordination or self.user.pk in self.page.author_ids
        return self._is_free_draft() and mine and self.can_edit()

    def can_copy(self) -> bool:
        return self.can_edit()

    def _is_free_draft(self) -> bool:
        return not self.page.live and not self.page_locked() and not self.page.workflow_in_progress


def register() -> None:
    permission_testers.register(BasePage, value=SectionTester)
    permission_testers.register(Pole, value=PoleTester)
