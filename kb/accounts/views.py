"""The account page of the workspace, less what nobody reviews.

A name stands on public pages, under « Écrite par » and « Validée par »: an administrator changes it. Pictures are kept
nowhere, and the mails of the review are no matter of taste.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    NameEmailSettingsPanel,
    NotificationsSettingsPanel,
)

LEFT_OUT = (AvatarSettingsPanel, NameEmailSettingsPanel, NotificationsSettingsPanel)


class OwnAccount(AccountView):
    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, LEFT_OUT)]
