"""The search page and the suggestions: what the reader of the request may find. No view knows which engine answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kb.accounts.tokens import is_coordination, tokens_of
from resources.marks import Marks, marks_of
from resources.prefilled import LONGEST, TITLE

from .answering import answer
from .best_bets import best_bets, pinned_above
from .choices import FacetChoices, as_trees, facet_choices, kind_label, within_sight
from .explaining import whys
from .forms import LAST_PAGE, SORT_LABELS, SearchForm, query_string
from .question_log import LoggedPage, entry_of
from .refusing import refusal, refused
from .request import DEEPEST, SORTS, SearchRequest
from .results import Hit, SearchResults
from .saved.keeping import offer
from .suggesting import segments, suggestions
from .ways_out import without_each_filter

EXPLAIN = "pourquoi"
"""The parameter by which the coordination sees the reasons."""


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
    readers = tokens_of(request.user)
    results = answer(asked, readers)
    bets = best_bets(asked, readers)
    if results.correction and not bets:
        bets = best_bets(replace(asked, q=results.correction), readers)
    results = pinned_above(within_sight(asked, results), bets)
    facets = facet_choices(asked, results)
    empty = not results.count and not results.reduced
    context = {
        "form": form,
        "kept": [],  # the facets show their own
        "q": asked.q,
        "shown": results.correction or asked.q,
        "as_typed": asked.as_typed,
        "typed": query_string(replace(asked, as_typed=True)),
        "nearest": _cards(asked, results.nearest),
        "whys": whys(asked, (*results.hits, *results.nearest), readers) if _explains(request) else None,
        "explain": explanation_address(request, asked),
        "without_each": without_each_filter(asked, readers) if empty and asked.filters else [],
        "proposal": proposal_address(request, asked),
        "results": results,
        "hits": _cards(asked, results.hits),
        "facets": [facet for facet in as_trees(facets) if facet.choices],
        "chosen": _chosen(asked, facets),
        "sort": asked.sort,
        "sorts": _sorts(asked),
        "paging": _paging(asked, results),
        "deepest": DEEPEST,
        "without_filters": query_string(asked, filters={}),
        "offer": offer(request.user, asked),
    }
    entry = None if results.reduced else entry_of(request, asked, max(results.count, len(bets)))
    return LoggedPage(render_to_string("search/search.html", context, request), entry)


@require_safe
@cache_control(private=True, no_store=True)
def suggest(request: HttpRequest) -> JsonResponse:
    """`{"suggestions": [{"text", "note", "address", "segments": [[text, found], …]}, …]}` for what is typed so far in
    `q`."""
    asked = request.GET.get("q", "")
    form = SearchForm({"q": asked})
    if not form.is_valid():
        return refusal(form)
    # A form strips; here a space says that the word has ended.
    typed = form.cleaned_data["q"] + (" " if asked[-1:].isspace() else "")
    return JsonResponse(
        {
            "suggestions": [
                {
                    "text": suggestion.text,
                    "note": suggestion.note,
                    "address": suggestion.address,
                    "segments": [[part.text, part.found] for part in segments(suggestion, typed)],
                }
                for suggestion in suggestions(typed, tokens_of(request.user))
            ]
        }
    )


def _cards(request: SearchRequest, hits: Sequence[Hit]) -> list[tuple[Hit, str, Marks]]:
    """Each hit with the name of its kind and what a card says besides."""
    asked = (value for values in request.filters.values() for value in values)
    marks = marks_of((hit.id for hit in hits), asked)
    return [(hit, kind_label(hit.kind), marks[hit.id]) for hit in hits]


def _explains(request: HttpRequest) -> bool:
    """Does the coordination ask why these are the answers?"""
    return bool(request.GET.get(EXPLAIN)) and is_coordination(request.user)


def explanation_address(request: HttpRequest, asked: SearchRequest) -> str:
    """The same page with its reasons, or without them; empty for who may not ask, or where there are none."""
    if not asked.q.strip() or asked.sort != SORTS[0] or not is_coordination(request.user):
        return ""
    address = query_string(asked, page=asked.page)
    return address if request.GET.get(EXPLAIN) else f"{address}&{EXPLAIN}=1"


def proposal_address(request: HttpRequest, asked: SearchRequest) -> str:
    """Where who found nothing begins a sheet with the words of the question as its title; empty for who writes none."""
    if not asked.q.strip() or not request.user.has_perm("wagtailadmin.access_admin"):
        return ""
    return f"{reverse('wagtailadmin_home')}?{urlencode({TITLE: asked.q[:LONGEST]})}"


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
