"""The home page's three doors: one for who teaches, one for who welcomes a young person, one for who leads a pôle."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kb.accounts.tokens import is_coordination, poles_of, tokens_of
from kb.core.readers import readers_of
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Term
from resources.marks import Marks, marks_of
from resources.models import Item, PracticeSheet, Training
from search.answering import answer_each
from search.choices import kind_label
from search.forms import query_string
from search.results import Hit

from .entries import Entry, entries_of, newest_first
from .forms import DepartureForm
from .weeks import SHOWN, Week, usual_length, weeks_around

#: Who is welcomed, on the second door: trainings written for these readers.
HOSTS = ("tuteur", "maitre-apprentissage", "partenaire")
#: Problems that the third door looks at, sheets for each, drafts.
PROBLEMS, SHEETS, DRAFTS = 4, 3, 10


@dataclass(frozen=True)
class FilledWeek:
    """A week with what was found for it: each item once on the page, and the address of the whole search."""

    week: Week
    is_past: bool
    is_now: bool
    hits: tuple[tuple[Hit, str, Marks], ...]
    count: int
    address: str


@require_safe
def teach(request: HttpRequest) -> HttpResponse:
    """/enseigner/: a class and a date give the items of each week; the form alone while nothing is asked."""
    if not any(name in request.GET for name in ("classe", "depart", "semaines")):
        return render(request, "home/teach.html", {"form": DepartureForm(), "weeks": []})
    form = DepartureForm(request.GET)
    if not form.is_valid():
        return render(request, "home/teach.html", {"form": form, "weeks": []}, status=400)
    public, departure = form.cleaned_data["classe"], form.cleaned_data["depart"]
    length = form.cleaned_data["semaines"] or usual_length(public)
    filled = _filled(weeks_around(public, departure, length), tokens_of(request.user))
    context = {
        "form": form,
        "weeks": filled,
        "now_is_shown": any(week.is_now for week in filled),
        "label": dict(form.fields["classe"].choices)[public],  # type: ignore[attr-defined]
        "departure": departure,
        "length": length,
    }
    return render(request, "home/teach.html", context)


def _filled(weeks: list[Week], readers: frozenset[str]) -> list[FilledWeek]:
    found = answer_each([week.request for week in weeks], readers)
    chosen = _shared_out([results.hits for results in found])
    marks = marks_of({hit.id for hits in chosen for hit in hits})
    today = timezone.localdate()
    return [
        FilledWeek(
            week=week,
            is_past=week.monday + datetime.timedelta(days=6) < today,
            is_now=week.monday <= today <= week.monday + datetime.timedelta(days=6),
            hits=tuple((hit, kind_label(hit.kind), marks[hit.id]) for hit in hits),
            count=results.count,
            address=query_string(week.request),
        )
        for week, results, hits in zip(weeks, found, chosen, strict=True)
    ]


def _shared_out(found: list[tuple[Hit, ...]]) -> list[list[Hit]]:
    """A few hits for each week: an item stands in one week, unless a week would otherwise have none.

    Each week takes one in turn, so that the first ones do not leave the others empty.
    """
    chosen: list[list[Hit]] = [[] for _ in found]
    taken: set[int] = set()
    for _ in range(SHOWN):
        for hits, kept in zip(found, chosen, strict=True):
            fresh = next((hit for hit in hits if hit.id not in taken), None)
            if fresh is not None:
                taken.add(fresh.id)
                kept.append(fresh)
    return [kept or list(hits[:1]) for hits, kept in zip(found, chosen, strict=True)]


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """/accueillir/: the trainings for tutors, the shortest first."""
    trainings = (
        Training.objects.readable_by(request.user)
        .filter(terms__facet=Facet.AUDIENCE, terms__slug__in=HOSTS)
        .select_related("pole")
        .order_by(F("duration_minutes").asc(nulls_last=True), "title", "pk")
        .distinct()
    )
    publics = Term.objects.filter(facet=Facet.PUBLIC).valid_on()
    context = {"entries": entries_of(trainings[:50], request), "publics": publics}
    return render(request, "home/welcome.html", context)


@dataclass(frozen=True)
class Problem:
    """A problem of a pôle, and what the others did about it."""

    term: Term
    entries: list[Entry]


@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """/animer/: my pôle, my drafts, what other pôles did about our problems; without a pôle, about all of them."""
    mine = list(Pole.objects.live().filter(pk__in=poles_of(request.user)).order_by("title"))
    context: dict[str, Any] = {
        "poles": [(pole, pole.get_url(request)) for pole in mine],
        "drafts": _drafts(request),
        "problems": _problems(request, [pole.pk for pole in mine]),
        "coordination": is_coordination(request.user),
        "elsewhere": []
        if mine
        else [(pole, pole.get_url(request)) for pole in Pole.objects.live().order_by("title")],
    }
    return render(request, "home/lead.html", context)


def _drafts(request: HttpRequest) -> list[Item]:
    """What the reader wrote and is not published yet, the latest first."""
    if not request.user.is_authenticated:
        return []
    waiting = (
        Item.objects.filter(Q(owner=request.user) | Q(authors=request.user))
        .filter(Q(live=False) | Q(has_unpublished_changes=True))
        .order_by("-latest_revision_created_at", "-pk")
        .distinct()[:DRAFTS]
    )
    held = tokens_of(request.user)
    return [
        item
        for item in waiting.specific()
        if item.owner_id == request.user.pk or readers_of(item.draft_version()) & held
    ]


def _problems(request: HttpRequest, mine: list[int]) -> list[Problem]:
    """The problems of the reader's pôles, most frequent first, with the newest sheets of the other pôles on each."""
    readable = PracticeSheet.objects.readable_by(request.user)
    named = Item.terms.through.objects.filter(term__facet=Facet.PROBLEMATIQUE)
    counted = named.filter(item__in=readable.filter(pole__in=mine) if mine else readable)
    frequent = Counter(counted.values_list("term_id", flat=True)).most_common(PROBLEMS)
    terms = Term.objects.in_bulk([pk for pk, _ in frequent])
    others = newest_first(readable.exclude(pole__in=mine))
    sheets = [list(others.filter(terms=pk)[:SHEETS]) for pk, _ in frequent]
    entries = iter(entries_of([sheet for each in sheets for sheet in each], request))
    return [
        Problem(terms[pk], [next(entries) for _ in each])
        for (pk, _), each in zip(frequent, sheets, strict=True)
    ]
