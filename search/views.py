"""The search page and the suggestions: what the reader of the request may find. No view knows which engine answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.accounts.tokens import tokens_of
from resources.marks import Marks, marks_of

from .answering import answer, suggestions
from .choices import FacetChoices, facet_choices, kind_label
from .forms import LAST_PAGE, SORT_LABELS, SearchForm, query_string
from .request import DEEPEST, SORTS, SearchRequest
from .results import Hit, SearchResults
from .saving import offer


@dataclass(frozen=True)
class ChosenFilter:
    """A filter in use, and the address of the same search without it."""

    facet: str
    label: str
    without: str


@dataclass(frozen=True)
class Paging:
    """Addresses of the pages around this one; empty where there is none."""

    number: int
    last: int
    previous: str
    next: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """200 with an answer, whatever is asked for; 400 with the form as it was typed when the address makes no sense."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return refused(request, form)
    asked = form.to_request()
    results = answer(asked, tokens_of(request.user))
    facets = facet_choices(asked, results)
    context = {
        "form": form,
        "kept": [],  # the facets show their own
        "q": asked.q,
        "results": results,
        "hits": _hits(asked, results),
        "facets": [facet for facet in facets if facet.choices],
        "chosen": _chosen(asked, facets),
        "sort": asked.sort,
        "sorts": _sorts(asked),
        "paging": _paging(asked, results),
        "deepest": DEEPEST,
        "without_filters": query_string(asked, filters={}),
        "offer": offer(request.user, asked),
    }
    return render(request, "search/search.html", context)


def refused(request: HttpRequest, form: SearchForm) -> HttpResponse:
    """The form as it was typed, and what is wrong with it."""
    context = {
        "form": form,
        "kept": form.sound_filters(),
        "problems": form.problems(),
        "sort": form.cleaned_data.get("sort", SORTS[0]),
    }
    return render(request, "search/refused.html", context, status=400)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """`{"suggestions": […]}` for what is typed so far in `q`."""
    form = SearchForm({"q": request.GET.get("q", "")})
    if not form.is_valid():
        return refusal(form)
    return JsonResponse({"suggestions": suggestions(form.cleaned_data["q"], tokens_of(request.user))})


def refusal(form: SearchForm) -> JsonResponse:
    """What an address that makes no sense gets where no page is shown."""
    return JsonResponse({"error": " ".join(form.problems())}, status=400)


def _hits(request: SearchRequest, results: SearchResults) -> list[tuple[Hit, str, Marks]]:
    """Each hit with the name of its kind and what a card says besides."""
    asked = (value for values in request.filters.values() for value in values)
    marks = marks_of((hit.id for hit in results.hits), asked)
    return [(hit, kind_label(hit.kind), marks[hit.id]) for hit in results.hits]


def _sorts(request: SearchRequest) -> list[dict[str, Any]]:
    """The orders, and the address of the same search in each."""
    return [
        {
            "label": label,
            "address": query_string(replace(request, sort=value)),
            "chosen": value == request.sort,
        }
        for value, label in SORT_LABELS.items()
    ]


def _chosen(request: SearchRequest, facets: tuple[FacetChoices, ...]) -> list[ChosenFilter]:
    return [
        ChosenFilter(facet.label, choice.label, _without(request, facet.name, choice.value))
        for facet in facets
        for choice in facet.chosen
    ]


def _without(request: SearchRequest, facet: str, value: str) -> str:
    kept = tuple(other for other in request.filters[facet] if other != value)
    return query_string(request, filters={**request.filters, facet: kept})


def _paging(request: SearchRequest, results: SearchResults) -> Paging:
    last = min(max(1, -(-results.count // request.page_size)), LAST_PAGE)
    before, after = min(request.page - 1, last), request.page + 1
    return Paging(
        number=request.page,
        last=last,
        previous=query_string(request, page=before) if before else "",
        next=query_string(request, page=after) if after <= last else "",
    )
