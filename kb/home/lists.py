"""The home page and the lists: what the reader may read, newest first."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.poles.models import Pole
from resources.item import Item
from resources.models import PracticeSheet, TeachingResource, Training

from .entries import entries_of, newest_first
from .listing import listing_of

LATEST = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    latest = newest_first(Item.objects.readable_by(request.user))[:LATEST]
    return render(request, "home/home.html", {"entries": entries_of(latest, request)})


@require_safe
def teaching(request: HttpRequest) -> HttpResponse:
    listing = listing_of(TeachingResource.objects.readable_by(request.user), request)
    return render(request, "home/teaching_list.html", {"listing": listing})


@require_safe
def trainings(request: HttpRequest) -> HttpResponse:
    listing = listing_of(Training.objects.readable_by(request.user), request)
    return render(request, "home/training_list.html", {"listing": listing})


@require_safe
def poles(request: HttpRequest) -> HttpResponse:
    """Every pôle, the closed ones last, with the number of its sheets that this reader may read."""
    counts = dict(
        PracticeSheet.objects.readable_by(request.user)
        .order_by()
        .values_list("pole")
        .annotate(number=Count("pk"))
    )
    rows = [
        {"pole": pole, "url": pole.get_url(request), "sheets": counts.get(pole.pk, 0)}
        for pole in Pole.objects.live()
        .order_by("title")
        .select_related("merged_into")
        .prefetch_related("zones")
    ]
    rows.sort(key=lambda row: not row["pole"].is_open)
    return render(request, "home/pole_list.html", {"rows": rows})


@require_safe
def pole(request: HttpRequest, page: Pole) -> HttpResponse:
    """A pôle's own page; Wagtail finds it by its address (kb.home.serving)."""
    listing = listing_of(PracticeSheet.objects.readable_by(request.user).filter(pole=page), request)
    return render(request, page.get_template(request), {**page.get_context(request), "listing": listing})
