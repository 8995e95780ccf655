"""The coordination's page of questions: what was asked in a week, and which questions are never suggested."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from kb.accounts.tokens import is_coordination
from search.analysis import question_key
from search.models import StruckQuestion

from .weekly_report import Week, most_asked, unanswered


class ForCoordination(View):
    """For everybody else there is no such address."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_coordination(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class AskedQuestionsView(WagtailAdminTemplateMixin, ForCoordination, TemplateView):
    """/admin/questions-posees/?semaine=2026-W47"""

    template_name = "search/asked_questions.html"
    header_icon = "help"
    page_title = "Questions posées"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        problem, week = "", Week.current()
        if name := request.GET.get("semaine", ""):
            try:
                week = Week.read(name)
            except ValueError as error:
                problem = str(error)
        context = self.get_context_data(
            problem=problem,
            week=week,
            is_current=week == Week.current(),
            is_over=week.monday < Week.current().monday,
            asked=most_asked(week),
            empty=unanswered(week),
            struck=StruckQuestion.objects.all(),
        )
        return self.render_to_response(context, status=400 if problem else 200)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class StrikeView(ForCoordination):
    """/admin/questions-posees/rayer/: `key` is struck out, or with `restore` suggested again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        key = question_key(request.POST.get("key", ""))
        if not key:
            messages.error(request, "Cette question ne contient aucun mot : rien n’a changé.")
        elif "restore" in request.POST:
            StruckQuestion.objects.filter(key=key).delete()
            messages.success(request, f"« {key} » peut de nouveau être suggérée.")
        else:
            StruckQuestion.objects.get_or_create(key=key)
            messages.success(request, f"« {key} » n’est plus suggérée.")
        return redirect(_report(request.POST.get("semaine", "")))


def _report(name: str) -> str:
    """The page from which the button was pressed."""
    address = reverse("askedquestion:index")
    try:
        return f"{address}?semaine={Week.read(name).name}"
    except ValueError:
        return address
