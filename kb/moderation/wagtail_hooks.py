"""What the review adds to Wagtail's admin: its two pages, its lines in the history, its buttons, a shorter menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, CancelWorkflowMenuItem, SubmitForModerationMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from kb.accounts.tokens import is_coordination
from kb.core.pages import BasePage
from kb.core.wording import counted
from kb.poles.models import Pole

from . import views
from .authorship import may_withdraw
from .signal_handlers import MERGED, RETIRED, UNREVIEWED
from .viewsets import Reference

#: Files and pictures are not Wagtail's here (resources.attachments); there are none to manage.
HIDDEN_FROM_ALL = {"images", "documents", "snippets"}
FOR_COORDINATION = {"reports"}


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("fiches/<int:page_id>/retirer/", views.RetireView.as_view(), name="retire"),
        path("poles/<int:page_id>/reunir/", views.MergeView.as_view(), name="merge_pole"),
    ]


@hooks.register("register_admin_viewset")
def reference() -> Reference:
    return Reference()


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        UNREVIEWED,
        "Publier sans relecture",
        "Publié par l’administration, sans relecture",
    )

    @actions.register_action(RETIRED)
    class Retirement(LogFormatter):
        label = "Retirer"
        message = "Retiré"

        def format_comment(self, log_entry: Any) -> str:
            return str(log_entry.data.get("reason", ""))

    @actions.register_action(MERGED)
    class Merging(LogFormatter):
        label = "Réunir"

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            if "into" in data:
                return f"Réuni à « {data['into']} » ({counted(data['sheets'], 'fiche déplacée')})"
            return f"A reçu « {data.get('from', '')} » ({counted(data.get('sheets', 0), 'fiche')})"


class RetireButton(PageMenuItem):
    label = "Retirer"
    icon_name = "download"
    url_name = "retire"

    def is_shown(self, user: AbstractBaseUser) -> bool:
        return isinstance(self.page, BasePage) and self.page.live and self.page.retirable_by(user)


class MergeButton(PageMenuItem):
    label = "Réunir à un autre pôle"
    icon_name = "group"
    url_name = "merge_pole"

    def is_shown(self, user: AbstractBaseUser) -> bool:
        return isinstance(self.page, Pole) and self.page.merged_into_id is None and is_coordination(user)


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[PageMenuItem]:
    yield from _buttons(page, next_url)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(
    page: Page, user: AbstractBaseUser, next_url: str | None = None
) -> Iterator[PageMenuItem]:
    yield from _buttons(page, next_url)


def _buttons(page: Page, next_url: str | None) -> Iterator[PageMenuItem]:
    yield RetireButton(page=page, next_url=next_url, priority=55)
    yield MergeButton(page=page, next_url=next_url, priority=56)


class SubmitForReview(SubmitForModerationMenuItem):
    """Wagtail's label repeats the name of the task or of the workflow."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        again = state is not None and state.status == state.STATUS_NEEDS_CHANGES
        context["label"] = "Soumettre de nouveau à relecture" if again else "Soumettre à relecture"
        return context


class Withdraw(CancelWorkflowMenuItem):
    label = "Retirer de la relecture"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return bool(super().is_shown(context)) and may_withdraw(context["request"].user, context["page"])


#: Ours in the place of Wagtail's, by the name under which it is posted; None: not needed here.
ACTIONS: dict[str, type[ActionMenuItem] | None] = {
    "action-submit": SubmitForReview,
    "action-cancel-workflow": Withdraw,
    "action-restart-workflow": None,  # submitting again does it
}


@hooks.register("construct_page_action_menu")
def review_actions(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    kept = []
    for item in menu_items:
        ours = ACTIONS.get(item.name, type(item))
        if ours is None:
            continue
        mended = item if ours is type(item) else ours(order=item.order)
        if mended is item or mended.is_shown(context):
            kept.append(mended)
    menu_items[:] = kept


@hooks.register("construct_help_menu")
def our_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's guides speak English and of another review."""
    kept = [item for item in menu_items if item.name == "keyboard-shortcuts-trigger"]
    menu_items[:] = [
        MenuItem("Aide de Vivier", reverse("help"), name="vivier", icon_name="help", order=1),
        *kept,
    ]


@hooks.register("construct_main_menu")
def shorter_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    hidden = HIDDEN_FROM_ALL if is_coordination(request.user) else HIDDEN_FROM_ALL | FOR_COORDINATION
    menu_items[:] = [item for item in menu_items if item.name not in hidden]
