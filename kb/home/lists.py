"""The home page and the lists: what the reader may read, newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.poles.models import EmploymentZone, Pole
from kb.poles.territory import Territory, territory_of
from kb.vocabulary.models import Facet, Term
from resources.item import Item
from resources.models import PracticeSheet, TeachingResource, Training

from .entries import entries_of, newest_first
from .listing import listing_of

LATEST = 6
#: Questions that people begin with.
EXAMPLES = ("convention de stage", "égalité filles-garçons", "visite du professeur référent", "handicap")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    latest = newest_first(Item.objects.readable_by(request.user))[:LATEST]
    return render(request, "home/home.html", {"entries": entries_of(latest, request), "examples": EXAMPLES})


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
    for number, row in enumerate(rows, start=1):
        row |= {"mark": str(number), "zones": row["pole"].zones.all()}
    return render(request, "home/pole_list.html", {"rows": rows, "territory": _territory(rows)})


def _territory(rows: list[dict[str, Any]]) -> Territory | None:
    """The map of the pôles that are open, each under the number of its row."""
    owners = [
        (row["mark"], row["pole"], [zone.pk for zone in row["zones"]]) for row in rows if row["pole"].is_open
    ]
    return territory_of(EmploymentZone.objects.all(), owners)


@require_safe
def site_plan(request: HttpRequest) -> HttpResponse:
    """Every page that is always there, the pôles, and the ways into the search."""
    problems = Term.objects.filter(facet=Facet.PROBLEMATIQUE).valid_on()
    context = {
        "poles": [(pole, pole.get_url(request)) for pole in Pole.objects.live().order_by("title")],
        "problems": problems,
    }
    return render(request, "home/site_plan.html", context)


@require_safe
def pole(request: HttpRequest, page: Pole) -> HttpResponse:
    """A pôle's own page; Wagtail finds it by its address (kb.home.serving)."""
    listing = listing_of(PracticeSheet.objects.readable_by(request.user).filter(pole=page), request)
    context = {**page.get_context(request), "listing": listing}
    return render(request, page.get_template(request), context)
