"""« Mes recherches »: a person's saved searches, and the page that stops the mails of one without signing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kb.accounts.models import User
from kb.accounts.tokens import tokens_of
from search.forms import SearchForm, query_string
from search.models import SavedSearch
from search.refusing import refused

from .description import Description, describe
from .keeping import LONGEST, MOST, PASSAGE, TOO_LONG, NotSaved, change_frequency, request_of, save

Every = SavedSearch.Every

FREQUENCY = "Choisissez quand recevoir un courriel : chaque jour, chaque semaine ou jamais."
TOLD = {
    Every.DAY: "un courriel chaque jour où il y a du nouveau",
    Every.WEEK: "un courriel chaque semaine où il y a du nouveau",
    Every.NEVER: "plus de courriel",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The list; a POST from the search page adds to it."""
    address = request.POST.get("address", "")
    if len(address) > LONGEST:  # no address of ours is as long, and none could be gone back to
        messages.error(request, TOO_LONG)
        return redirect("search")
    if not isinstance(request.user, User):
        # Who was signed out meanwhile comes back to the search that they wanted to keep.
        wanted = f"{reverse('search')}?{address}" if request.method == "POST" else request.get_full_path()
        return redirect_to_login(wanted)
    if request.method == "POST":
        return _add(request, request.user, address)
    searches = SavedSearch.objects.defer(*PASSAGE).filter(user=request.user)
    rows = list(zip(searches, _descriptions(searches, request.user), strict=True))
    return render(
        request, "search/saved_searches.html", {"rows": rows, "most": MOST, "choices": Every.choices}
    )


def _add(request: HttpRequest, user: User, address: str) -> HttpResponse:
    form = SearchForm(QueryDict(address))
    if not form.is_valid():
        return refused(request, form)
    asked, every = form.to_request(), request.POST.get("every")
    try:
        saved = save(user, asked, _frequency(every))
    except NotSaved as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Recherche enregistrée : {TOLD[Every(saved.every)]}.")
    return redirect(reverse("search") + query_string(asked, page=asked.page))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another frequency, or away with it; a GET (back from the sign-in) finds the list."""
    if request.method == "POST":
        saved = get_object_or_404(SavedSearch, pk=pk, user=request.user)
        (description,) = _descriptions([saved], saved.user)
        try:
            messages.success(request, _changed(saved, request.POST, str(description)))
        except NotSaved as refusal:
            messages.error(request, str(refusal))
    return redirect("saved-searches")


def _changed(saved: SavedSearch, data: QueryDict, words: str) -> str:
    if "delete" in data:
        saved.delete()
        return f"Recherche supprimée : {words}."
    change_frequency(saved, _frequency(data.get("every")))
    return f"{words} : {TOLD[Every(saved.every)]}."


def _frequency(value: Any) -> str:
    if value not in Every.values:
        raise NotSaved(FREQUENCY)
    return str(value)


@csrf_exempt  # a mail program posts here (RFC 8058): it has neither cookie nor page; the token is the right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: UUID) -> HttpResponse:
    """A page with a button, because programs that look at mails follow links; the POST stops, as often as it comes."""
    saved = get_object_or_404(SavedSearch.objects.select_related("user"), token=token)
    if request.method == "POST":
        change_frequency(saved, Every.NEVER)
    (description,) = _descriptions([saved], saved.user)
    context = {"saved": saved, "description": description, "stopped": saved.every == Every.NEVER}
    response = render(request, "search/stop.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _descriptions(searches: Any, user: User) -> list[Description]:
    """In words, in the same order; an address that the form no longer takes has none."""
    requests = [request_of(saved.address) for saved in searches]
    found = iter(describe([request for request in requests if request], tokens_of(user)))
    return [next(found) if request else Description("", ()) for request in requests]
