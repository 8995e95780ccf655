"""Who sees which page of Wagtail's admin: one table, deny by default.

Wagtail's views ask its own rights by groups, some of them none at all, and a few name pages that the person may not
read. So every address of the admin has its row here; one without a row is an administrator's. What a person may not
see answers as what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.defaults import page_not_found
from wagtail.models import Page, Revision

from kb.accounts.tokens import is_coordination

from .admin_reading import is_version_visible_to, is_visible_to, looking


class For(Enum):
    """Whom an address is for. Each still asks the rights of its own."""

    ALL = "everybody who signs in to the admin"
    COORDINATION = "the coordination"
    ADMINISTRATOR = "administrators"
    NOBODY = "nobody"


#: By name or, ending with « : », by namespace; the longest match counts.
ROWS: dict[str, For] = {
    "wagtailadmin_home": For.ALL,
    "own_account": For.ALL,
    "wagtailadmin_logout": For.ALL,
    "wagtailadmin_dismissibles": For.ALL,
    "wagtailadmin_sprite": For.ALL,
    "wagtailadmin_javascript_catalog": For.ALL,
    # The explorer, its search and its API list what `pages_named_to` names.
    "wagtailadmin_explore": For.ALL,
    "wagtailadmin_explore_root": For.ALL,
    "wagtailadmin_explore_results": For.ALL,
    "wagtailadmin_pages:search": For.ALL,
    "wagtailadmin_pages:search_results": For.ALL,
    "wagtailadmin_api:pages:listing": For.ALL,
    "wagtailadmin_api:pages:detail": For.ALL,
    "wagtailadmin_choose_page": For.ALL,
    "wagtailadmin_choose_page_child": For.ALL,
    "wagtailadmin_choose_page_search": For.ALL,
    "wagtailadmin_choose_page_external_link": For.ALL,
    "wagtailadmin_choose_page_email_link": For.ALL,
    "wagtailadmin_choose_page_phone_link": For.ALL,
    "wagtailadmin_choose_page_anchor_link": For.ALL,
    "tag_suggestions": For.ALL,
    "tag_model_suggestions": For.ALL,
    # One page: it must be visible to the person, then Wagtail asks the tester of its type.
    "wagtailadmin_pages:add": For.ALL,
    "wagtailadmin_pages:add_subpage": For.ALL,
    "wagtailadmin_pages:choose_parent": For.ALL,
    "wagtailadmin_pages:preview_on_add": For.ALL,
    "wagtailadmin_pages:edit": For.ALL,
    "wagtailadmin_pages:preview_on_edit": For.ALL,
    "wagtailadmin_pages:view_draft": For.ALL,
    "wagtailadmin_pages:usage": For.ALL,
    "wagtailadmin_pages:delete": For.ALL,
    "wagtailadmin_pages:unpublish": For.ALL,
    "wagtailadmin_pages:copy": For.ALL,
    "wagtailadmin_pages:move": For.ALL,
    "wagtailadmin_pages:move_confirm": For.ALL,
    "wagtailadmin_pages:history": For.ALL,
    "wagtailadmin_pages:history_results": For.ALL,
    "wagtailadmin_pages:revisions_index": For.ALL,
    "wagtailadmin_pages:revisions_view": For.ALL,
    "wagtailadmin_pages:revisions_revert": For.ALL,
    "wagtailadmin_pages:revisions_compare": For.ALL,
    "wagtailadmin_pages:workflow_action": For.ALL,
    "wagtailadmin_pages:collect_workflow_action_data": For.ALL,
    "wagtailadmin_pages:confirm_workflow_cancellation": For.ALL,
    "wagtailadmin_pages:workflow_preview": For.ALL,
    "wagtailadmin_pages:workflow_history": For.ALL,
    "wagtailadmin_pages:workflow_history_detail": For.ALL,
    "wagtailadmin_editing_sessions:ping": For.ALL,
    "wagtailadmin_editing_sessions:release": For.ALL,
    "retire": For.ALL,
    "merge_pole": For.COORDINATION,
    "wagtailadmin_pages:type_use": For.COORDINATION,
    "wagtailadmin_pages:type_use_results": For.COORDINATION,
    "wagtailadmin_reports:": For.COORDINATION,
    "term:": For.COORDINATION,
    "tag:": For.COORDINATION,
    "employmentzone:": For.COORDINATION,
    "establishment:": For.COORDINATION,
    "membership:": For.COORDINATION,
    "askedquestion:": For.COORDINATION,
    "synonymrule:": For.COORDINATION,
    "bestbet:": For.COORDINATION,
    # What only an administrator needs, or what goes round the review.
    "wagtail_bulk_action": For.ADMINISTRATOR,
    "wagtailadmin_pages:": For.ADMINISTRATOR,
    "wagtailadmin_choose_page_chosen_multiple": For.ADMINISTRATOR,
    "wagtailadmin_collections:": For.ADMINISTRATOR,
    "wagtailadmin_workflows:": For.ADMINISTRATOR,
    "wagtailadmin_block_preview": For.ADMINISTRATOR,
    "wagtailredirects:": For.ADMINISTRATOR,
    "wagtailusers_users:": For.ADMINISTRATOR,
    "wagtailusers_groups:": For.ADMINISTRATOR,
    "wagtailsites:": For.ADMINISTRATOR,
    # Files and pictures are not Wagtail's here; what its API changes leaves no trace of a review.
    "wagtailadmin_api:": For.NOBODY,
    "wagtaildocs:": For.NOBODY,
    "wagtaildocs_chooser:": For.NOBODY,
    "wagtailimages:": For.NOBODY,
    "wagtailimages_chooser:": For.NOBODY,
    "wagtailsnippets:": For.NOBODY,
    "wagtailadmin_tag_autocomplete": For.NOBODY,
    "wagtailadmin_tag_model_autocomplete": For.NOBODY,
    "wagtailadmin_error_test": For.NOBODY,
}

#: Addresses that show a version by its number.
VERSIONS = frozenset(
    f"wagtailadmin_pages:{name}" for name in ("revisions_view", "revisions_revert", "revisions_compare")
)
#: Names under which an address carries the id of a page.
PAGE_IDS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")


def whom_for(name: str) -> For | None:
    """The row of an address of the admin; None when it has none."""
    if name in ROWS:
        return ROWS[name]
    namespace, _, _ = name.rpartition(":")
    while namespace:
        if f"{namespace}:" in ROWS:
            return ROWS[f"{namespace}:"]
        namespace, _, _ = namespace.rpartition(":")
    return None


class AdminGate:
    """Stands before the view of every address under /admin/ (and before the middleware that calls it)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        token = looking.set(request.user)
        try:
            return self.get_response(request)  # lazy answers are rendered in there too
        finally:
            looking.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return None  # who is nobody is sent to sign in, by Wagtail
        match = request.resolver_match
        name = match.view_name if match else ""
        if not name:
            return None  # doors to the sign-in page, and what does not exist
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise Http404
        if self.lets_pass(request, whom_for(name) or For.ADMINISTRATOR, name, kwargs):
            return None
        return _as_if_absent(request)

    def lets_pass(self, request: HttpRequest, whom: For, name: str, kwargs: dict[str, Any]) -> bool:
        user = request.user
        if whom is For.NOBODY or _makes_another_task(name, kwargs):
            return False
        if user.is_superuser:
            return True
        if whom is For.ADMINISTRATOR or (whom is For.COORDINATION and not is_coordination(user)):
            return False
        pages = _pages_of(name, kwargs)
        return all(is_visible_to(page, user) for page in pages) and all(
            is_version_visible_to(page, revision, user)
            for page in pages
            for revision in _versions_of(page, name, kwargs)
        )


def _makes_another_task(name: str, kwargs: dict[str, Any]) -> bool:
    """Wagtail offers one kind of task here, and would make any other whose address is typed."""
    return name == "wagtailadmin_workflows:add_task" and kwargs != {
        "app_label": "moderation",
        "model_name": "coordinationreviewtask",
    }


def _pages_of(name: str, kwargs: dict[str, Any]) -> list[Page]:
    """The pages that an address shows; one that does not exist is left to the view to say so.

    « Retirer » is about the published version, whoever's draft waits beside it: its view looks at who may.
    """
    if name == "retire":
        return []
    ids = [kwargs[key] for key in PAGE_IDS if key in kwargs]
    if name == "wagtailadmin_pages:revisions_compare":
        ids.append(kwargs["pk"])
    if name == "wagtailadmin_editing_sessions:ping" and str(kwargs["object_id"]).isdecimal():
        ids.append(kwargs["object_id"])
    known = [pk for pk in ids if int(pk) <= BigIntegerField.MAX_BIGINT]
    return list(Page.objects.filter(pk__in=known).specific())


def _versions_of(page: Page, name: str, kwargs: dict[str, Any]) -> list[Revision]:
    """The older versions that an address shows: whoever may open the page need not have been among their readers."""
    if name not in VERSIONS:
        return []
    asked = [str(kwargs[key]) for key in ("revision_id", "revision_id_a", "revision_id_b") if key in kwargs]
    revisions = page.revisions.order_by("created_at", "pk")
    found = [revisions.filter(pk=pk).first() for pk in asked if pk.isdecimal() and len(pk) < 19]
    if "earliest" in asked:
        found.append(revisions.first())
    return [revision for revision in found if revision is not None]


def _as_if_absent(request: HttpRequest) -> HttpResponse:
    return page_not_found(request, Exception(), template_name="wagtailadmin/404.html")
