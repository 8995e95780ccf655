"""What an address that makes no sense gets: 400, what is wrong with it, and the form as it was typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from .forms import SearchForm
from .request import SORTS


def refused(request: HttpRequest, form: SearchForm) -> HttpResponse:
    """The form as it was typed, and what is wrong with it."""
    context = {
        "form": form,
        "kept": form.sound_filters(),
        "problems": form.problems(),
        "sort": form.cleaned_data.get("sort", SORTS[0]),
    }
    return render(request, "search/refused.html", context, status=400)


def refusal(form: SearchForm) -> JsonResponse:
    """The same where no page is shown."""
    return JsonResponse({"error": " ".join(form.problems())}, status=400)
