"""The admin's own pages of the review: « Retirer » and « Réunir à un autre pôle »."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from kb.accounts.models import User
from kb.accounts.tokens import is_coordination
from kb.core.pages import BasePage
from kb.core.wording import counted
from kb.poles.models import Pole

from .forms import MergeForm, RetirementForm
from .merging import merge
from .publishing import ReviewRefused
from .retiring import retire


class ActionOnPage(WagtailAdminTemplateMixin, FormView, ABC):
    """One decision about one page: a form, then back to where the person came from.

    `may_act` says who sees the form at all: for everybody else there is no such address.
    """

    header_icon = "doc-empty-inverse"
    template_name = "moderation/action.html"
    explanation = ""
    submit_label = ""

    @cached_property
    def page(self) -> BasePage:
        page: BasePage = get_object_or_404(Page, pk=self.kwargs["page_id"]).specific
        return page

    @property
    def user(self) -> User:
        return cast("User", self.request.user)  # nobody else passes the admin's door

    @abstractmethod
    def may_act(self) -> bool: ...

    @abstractmethod
    def act(self, form: forms.Form) -> str:
        """Does it; returns the line that says so. Raises ReviewRefused."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_act():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            messages.success(self.request, self.act(form))
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or "wagtailadmin_home"

    def get_page_subtitle(self) -> str:
        return str(self.page.title)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The visible heading: what is done, and to which page."""
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            explanation=self.explanation.format(title=self.page.title),
            submit_label=self.submit_label,
            next=get_valid_next_url_from_request(self.request),
            **kwargs,
        )


class RetireView(ActionOnPage):
    """/admin/fiches/<id>/retirer/"""

    form_class = RetirementForm
    page_title = "Retirer"
    submit_label = "Retirer la fiche"
    explanation = (
        "« {title} » disparaît aussitôt : sa page, ses fichiers, ses réponses dans la recherche. "
        "Pour la remettre en ligne, il faudra la soumettre à relecture."
    )

    def may_act(self) -> bool:
        return (
            isinstance(self.page, BasePage) and self.page.live and self.page.retirable_by(self.request.user)
        )

    def act(self, form: forms.Form) -> str:
        retire(self.page, self.user, form.cleaned_data["reason"])
        return f"« {self.page.title} » n’est plus en ligne."


class MergeView(ActionOnPage):
    """/admin/poles/<id>/reunir/"""

    form_class = MergeForm
    header_icon = "group"
    page_title = "Réunir à un autre pôle"
    submit_label = "Réunir les deux pôles"
    explanation = (
        "Toutes les fiches, les établissements et les personnes de « {title} » passent à l’autre pôle ; les "
        "anciennes adresses y conduisent. On ne revient pas en arrière."
    )

    def may_act(self) -> bool:
        return (
            isinstance(self.page, Pole)
            and self.page.merged_into_id is None
            and is_coordination(self.request.user)
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pole": self.page}

    def act(self, form: forms.Form) -> str:
        target: Pole = form.cleaned_data["target"]
        count = merge(self.page, target, self.user)
        moved = counted(count, "fiche déplacée")
        return f"« {self.page.title} » est réuni à « {target.title} » : {moved}."
