"""The panels of the admin's home page: what the person may propose, and theirs less what they may no longer read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page

from .admin_reading import is_visible_to
from .models import PracticeSheet, TeachingResource, Training
from .prefilled import TITLE


@dataclass(frozen=True)
class Proposal:
    """A kind of item that may be begun, and where."""

    label: str
    address: str


class Propose(Component):
    """« Proposer »: one link a kind, for each place where the person may write."""

    name = "propose"
    template_name = "resources/propose_panel.html"
    order = 50

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        title = request.GET.get(TITLE, "")
        return {"proposals": list(_proposals(request.user, title)), "title": title}


def _proposals(user: Any, title: str) -> Iterator[Proposal]:
    for kind in (TeachingResource, Training, PracticeSheet):
        parents = (
            Page.objects.live().exact_type(*kind.allowed_parent_page_models()).order_by("path").specific()
        )
        for parent in parents:
            if kind.can_create_at(parent) and parent.permissions_for_user(user).can_add_subpage():
                where = f", {parent.title}" if kind is PracticeSheet else ""
                args = [kind._meta.app_label, kind._meta.model_name, parent.pk]
                address = reverse("wagtailadmin_pages:add", args=args)
                yield Proposal(
                    f"{kind.kind_label}{where}",
                    f"{address}?{urlencode({TITLE: title})}" if title else address,
                )


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
    kept = [
        Propose(),
        *(panel for panel in panels if request.user.is_superuser or not isinstance(panel, LockedPagesPanel)),
    ]
    return [OURS[type(panel)]() if type(panel) in OURS else panel for panel in kept]
