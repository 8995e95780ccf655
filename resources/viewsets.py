"""Wagtail's page views where they let through what the review or `readers_of` does not."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.ui.tables.pages import BulkActionsColumn
from wagtail.admin.views.pages.choose_parent import GenericChooseParentView
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.move import MoveChooseDestinationView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.search import SearchView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from kb.moderation.authorship import may_withdraw
from kb.moderation.publishing import ReviewRefused
from kb.poles.models import Pole

from .admin_reading import guard_chooser, parents_named_to
from .item import Item
from .unchanged import says_something_else


class ReviewedEdit(EditView):
    """A decision of the review is taken on the version that was read: not on another one, and never with an edit."""

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            # An edit and a decision at once take turns: the form writes whole rows, as they were when it read them.
            Page.objects.select_for_update().filter(pk=page_id).first()
        return super().dispatch(request, page_id, **kwargs)

    def perform_workflow_action(self) -> HttpResponse:
        try:
            if says_something_else(self.form, self.latest_revision.as_object()):
                raise ReviewRefused(
                    "Vous avez modifié le texte : enregistrez-le d’abord. Une autre personne de la coordination "
                    "devra alors l’approuver."
                )
            if self.request.POST.get("loaded_revision_id") != str(self.latest_revision.pk):
                raise ReviewRefused("Cette version n’attend plus de relecture : relisez la dernière.")
            extra = json.loads(self.request.POST.get("workflow-action-extra-data") or "{}")
            self.page.current_workflow_task.on_action(
                self.page.current_workflow_task_state,
                self.request.user,
                self.workflow_action,
                **({"comment": extra.get("comment", "")} if isinstance(extra, dict) else {}),
            )
        except (ReviewRefused, ValidationError, json.JSONDecodeError) as refusal:
            return self.refuse(refusal)
        messages.success(self.request, _decided(self.workflow_action, self.page.title))
        return self.redirect_away()

    @cached_property
    def is_cancelling_workflow(self) -> bool:
        """A review that is cancelled tells the author nothing: the coordination refuses, with a comment."""
        return bool(super().is_cancelling_workflow) and may_withdraw(self.request.user, self.page)

    def refuse(self, refusal: Exception) -> HttpResponse:
        """Says why, and shows the form again with what was typed."""
        messages.error(self.request, _words(refusal))
        self.errors_debug, self.has_unsaved_changes = None, self.has_content_changes
        return self.render_to_response(self.get_context_data())


class ReviewedRevert(RevisionsRevertView):
    """An older version comes back as a new one, which is saved and submitted like any other."""

    def perform_workflow_action(self) -> HttpResponse:
        messages.error(self.request, "On ne décide pas d’une version en en lisant une plus ancienne.")
        return self.redirect_and_remain()


class SaidWorkflowAction(WorkflowActionView):
    """Says why a decision was not taken; Wagtail's own view answers as if it had been."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.task_state.workflow_state.object_id != str(self.object.pk):
            raise Http404  # the review of another page
        form = self.form_class(request.POST)
        windowed = request.headers.get("x-requested-with") == "XMLHttpRequest"
        if not form.is_valid() and not (self.action_modal and windowed):
            messages.error(request, _words(ValidationError(form.errors["comment"])))
            return redirect(self.redirect_url)
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except (ReviewRefused, ValidationError) as refusal:
            messages.error(request, _words(refusal))
            if windowed:
                return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
            return redirect(self.redirect_url)
        if form.is_valid():
            messages.success(request, _decided(self.action_name, self.object.title))
        return answer


class HeldPoleDelete(DeleteView):
    """Says why a pôle is not deleted, and what to do instead."""

    def dispatch(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        pole = Pole.objects.filter(pk=page_id).first()
        if pole is not None and pole.is_held:
            messages.error(
                request,
                f"« {pole.title} » porte des fiches, des établissements ou des personnes : un tel pôle ne se "
                "supprime pas. Fermez-le, ou réunissez-le à un autre pôle.",
            )
            return redirect("wagtailadmin_explore", pole.pk)
        return super().dispatch(request, page_id, *args, **kwargs)


class NamedParents:
    """A form that asks for a parent page knows only those that the person may read of: its error shows a title."""

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> Form:
        form: Form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        for name in ("new_parent_page", "parent_page"):
            if name in form.fields:
                field: Any = form.fields[name]
                field.queryset = parents_named_to(self.request.user)
                guard_chooser(field.widget, self.request.user)
        return form


class NamedMove(NamedParents, MoveChooseDestinationView):
    pass


class NamedChooseParent(NamedParents, GenericChooseParentView):
    pass


class ItemCopyForm(CopyForm):
    """Without « publish the copy » and « alias », for administrators too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias", "copy_subpages"):
            self.fields.pop(name, None)


class DraftCopy(NamedParents, CopyView):
    """A copy is a draft of the person who made it: never published, never an alias that follows the original."""

    def get_form_class(self) -> type[Form]:
        return ItemCopyForm if issubclass(self.page.specific_class, Item) else super().get_form_class()

    def post(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return FormView.post(self, request, *args, **kwargs)  # Wagtail's fails on a parent that is not one


def _without_bulk(columns: list[Column], request: HttpRequest) -> list[Column]:
    """Only an administrator acts on many pages at once (resources.admin_gate)."""
    if request.user.is_superuser:
        return columns
    return [column for column in columns if not isinstance(column, BulkActionsColumn)]


class PlainIndex(ExplorableIndexView):
    @cached_property
    def explorable_columns(self) -> list[Column]:
        return _without_bulk(super().explorable_columns, self.request)


class PlainSearch(SearchView):
    def get_table(self, object_list: Any, **kwargs: Any) -> Table:
        columns = _without_bulk(self.columns, self.request)
        return self.table_class(columns, object_list, **{**self.get_table_kwargs(), **kwargs})


class VivierPages(PageViewSet):
    """Every page type: registered for `Page` itself, in the place of Wagtail's own."""

    model = Page
    choose_parent_view_class = NamedChooseParent
    copy_view_class = DraftCopy
    delete_view_class = HeldPoleDelete
    edit_view_class = ReviewedEdit
    index_view_class = PlainIndex
    move_view_class = NamedMove
    revisions_revert_view_class = ReviewedRevert
    search_view_class = PlainSearch
    workflow_action_view_class = SaidWorkflowAction


def _decided(action: str, title: str) -> str:
    if action == "reject":
        return f"« {title} » : votre demande de modifications part à son auteur."
    return f"« {title} » est publiée."


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) if isinstance(error, ReviewRefused) else "La demande est incomplète : recommencez."
