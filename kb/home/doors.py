"""The home page's three doors: one for who teaches, one for who welcomes a young person, one for who leads a pôle."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page, WorkflowState

from kb.accounts.tokens import is_coordination, poles_of, tokens_of
from kb.core.readers import State, readers_of
from kb.learning.inviting import hosts_of
from kb.poles.models import Pole
from kb.vocabulary.models import Facet, Term
from resources.marks import Marks, marks_of
from resources.models import Item, PracticeSheet, Training
from search.answering import answer_each
from search.choices import kind_label
from search.families import Families
from search.forms import query_string
from search.results import Hit

from .entries import Entry, entries_of, newest_first
from .forms import DepartureForm
from .weeks import SHOWN, Week, usual_length, weeks_around

#: Who is welcomed, on the second door: trainings written for these readers.
HOSTS = ("tuteur", "maitre-apprentissage", "partenaire")
#: Problems that the third door looks at, sheets for each, drafts.
PROBLEMS, SHEETS, DRAFTS = 4, 3, 10
#: Waiting versions that are looked at; a site has a few dozens.
MOST_WAITING = 2_000
#: Trainings on the second door; the search has the others.
TRAININGS = 50


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
    if form.is_valid():
        # As the control holds it: a date that was typed by hand would leave it empty.
        form = DepartureForm({**request.GET.dict(), "depart": form.cleaned_data["depart"].isoformat()})
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
    families = Families.load()
    hosts = {pk for slug in HOSTS for pk in families.family(Facet.AUDIENCE, slug)}
    trainings = (
        Training.objects.readable_by(request.user)
        .filter(terms__in=hosts)
        .select_related("pole")
        .order_by(F("duration_minutes").asc(nulls_last=True), "title", "pk")
        .distinct()
    )
    shown = list(trainings[: TRAININGS + 1])
    context = {
        "entries": entries_of(shown[:TRAININGS], request),
        "more": len(shown) > TRAININGS,
        "publics": Term.objects.filter(facet=Facet.PUBLIC).valid_on(),
    }
    return render(request, "home/welcome.html", context)


@dataclass(frozen=True)
class Draft:
    """One of the reader's own versions that wait, and what it waits for."""

    item: Item
    word: str


@dataclass(frozen=True)
class Problem:
    """A problem of a pôle, and what the others did about it."""

    term: Term
    entries: list[Entry]


@require_safe
def lead(request: HttpRequest) -> HttpResponse:
    """/animer/: my pôle, my drafts, what other pôles did about our problems; without a pôle, about all of them."""
    mine = list(Pole.objects.live().filter(pk__in=poles_of(request.user)).order_by("title"))
    others = Pole.objects.live().order_by("title") if not mine else Pole.objects.none()
    context: dict[str, Any] = {
        "poles": [(pole, pole.get_url(request)) for pole in mine],
        "drafts": _drafts(request.user),
        "problems": _problems(request, [pole.pk for pole in mine]),
        "coordination": is_coordination(request.user),
        "invites": bool(hosts_of(request.user)),
        "elsewhere": [(pole, pole.get_url(request)) for pole in others],
    }
    return render(request, "home/lead.html", context)


def _drafts(user: AbstractBaseUser | AnonymousUser) -> list[Draft]:
    """What the reader wrote and is not published yet, the latest first.

    A draft names its authors itself: who was added in it is not in the published version's list yet.
    """
    if not user.is_authenticated:
        return []
    waiting = Item.objects.filter(Q(live=False) | Q(has_unpublished_changes=True))
    rows = waiting.order_by("-latest_revision_created_at", "-pk").values_list(
        "pk", "owner_id", "latest_revision__user_id", "latest_revision__content__authors"
    )
    held = tokens_of(user)
    own = (
        pk
        for pk, owner, saved_by, authors in rows[:MOST_WAITING]
        if user.pk in (owner, saved_by) or user.pk in (authors or ())
    )
    items = (Item.objects.get(pk=pk).specific for pk in own)
    kept = list(islice((item for item in items if readers_of(item.draft_version()) & held), DRAFTS))
    returned = _returned(kept)
    return [Draft(item, _awaits(item, item.pk in returned)) for item in kept]


def _returned(items: list[Item]) -> set[int]:
    """Ids of those that the coordination sent back."""
    states = WorkflowState.objects.filter(
        object_id__in=[str(item.pk) for item in items],
        base_content_type=ContentType.objects.get_for_model(Page),
        status=WorkflowState.STATUS_NEEDS_CHANGES,
    )
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


def _awaits(item: Item, returned: bool) -> str:
    if item.draft_state == State.IN_REVIEW:
        return "en relecture"
    if returned:
        return "modifications demandées par la coordination"
    if item.live:
        return "nouvelle version, pas encore proposée"
    return "retirée de la ligne" if item.first_published_at else "brouillon, pas encore proposé"


def _problems(request: HttpRequest, mine: list[int]) -> list[Problem]:
    """The problems of the reader's pôles, most frequent first, with the newest sheets of the other pôles on each."""
    families = Families.load()
    readable = PracticeSheet.objects.readable_by(request.user)
    named = Item.terms.through.objects.filter(term__facet=Facet.PROBLEMATIQUE)
    counted = named.filter(item__in=readable.filter(pole__in=mine) if mine else readable)
    frequent = Counter(
        families.current(pk) for pk in counted.values_list("term_id", flat=True) if families.knows(pk)
    )
    terms = [term for term, _ in frequent.most_common(PROBLEMS)]
    others = newest_first(readable.exclude(pole__in=mine))
    sheets = [list(others.filter(terms__in=families.members(term.pk)).distinct()[:SHEETS]) for term in terms]
    entries = iter(entries_of([sheet for each in sheets for sheet in each], request))
    return [Problem(term, [next(entries) for _ in each]) for term, each in zip(terms, sheets, strict=True)]
