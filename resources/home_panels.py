"""The panels of the admin's home page, less what the person may no longer read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from .admin_reading import is_visible_to


class MyEdits(RecentEditsPanel):
    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = parent_context["request"].user
        context["last_edits"] = [edit for edit in context["last_edits"] if is_visible_to(edit[1], user)]
        return context


class MySubmissions(UserObjectsInWorkflowModerationPanel):
    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        user = parent_context["request"].user
        context["workflow_states"] = [
            state for state in context["workflow_states"] if is_visible_to(state.content_object, user)
        ]
        return context


class OldestFirst(WorkflowObjectsToModeratePanel):
    """Who has waited longest comes first."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["states"].reverse()
        return context


OURS = {
    RecentEditsPanel: MyEdits,
    UserObjectsInWorkflowModerationPanel: MySubmissions,
    WorkflowObjectsToModeratePanel: OldestFirst,
}


def panels_for(panels: list[Any], request: HttpRequest) -> list[Any]:
    """Wagtail's panels, ours in the place of those that they follow; locks are an administrator's."""
    kept = [panel for panel in panels if request.user.is_superuser or not isinstance(panel, LockedPagesPanel)]
    return [OURS[type(panel)]() if type(panel) in OURS else panel for panel in kept]
