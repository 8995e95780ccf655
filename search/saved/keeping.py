"""Searches that people keep: the one address of each, how many, and from when on their answers are news.

What is kept is an address that the search page understands. It goes through the search form each time it is read, so
that whatever an engine is asked passed there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from kb.accounts.models import User
from kb.accounts.tokens import tokens_of
from search.answering import found_ids
from search.engines.base import EngineUnavailable
from search.forms import SearchForm, query_string
from search.models import SavedSearch
from search.request import SearchRequest

MOST = 50
"""Saved searches of one person: each of them is asked every day."""
LONGEST = 2_000
"""Characters of an address, as its column holds them."""
PASSAGE = ("seen", "readers", "checked_at")
"""What a passage over a saved search writes."""

NOTHING = "Tapez une question ou choisissez un filtre avant d’enregistrer la recherche."
TOO_LONG = (
    "Cette recherche est trop longue pour être enregistrée : gardez-en quelques mots ou quelques filtres."
)
TOO_MANY = f"Vous avez déjà {MOST} recherches enregistrées : supprimez-en une, puis enregistrez celle-ci."


class NotSaved(Exception):  # noqa: N818 - an answer, not a fault of the caller
    """Why a search was not saved, and what to do, in French."""


@dataclass(frozen=True)
class Offer:
    """What the search page offers: to save what is on it (`address`, whole), or the way to what is saved already."""

    address: str
    saved: SavedSearch | None


def offer(user: AbstractBaseUser | AnonymousUser, request: SearchRequest) -> Offer | None:
    """None for who is not signed in, and where nothing was asked."""
    address = address_of(request)
    if not isinstance(user, User) or not address:
        return None
    saved = SavedSearch.objects.defer(*PASSAGE).filter(user=user, address=address).first()
    return Offer(query_string(request, page=request.page).removeprefix("?"), saved)


def address_of(request: SearchRequest) -> str:
    """The same for equal searches: neither page nor order, values sorted. Empty when nothing is asked."""
    filters = {name: tuple(sorted(values)) for name, values in request.filters.items()}
    plain = replace(request, q=" ".join(request.q.split()), sort="pertinence")
    return query_string(plain, filters=filters).removeprefix("?")


def request_of(address: str) -> SearchRequest | None:
    """What a saved address asks for; None when the form refuses today what it once took."""
    form = SearchForm(QueryDict(address))
    return form.to_request() if form.is_valid() else None


def save(user: User, request: SearchRequest, every: str) -> SavedSearch:
    """Keeps the search, or gives the one that is kept already its new frequency. Raises `NotSaved`."""
    address = address_of(request)
    if not address:
        raise NotSaved(NOTHING)
    if len(address) > LONGEST:
        raise NotSaved(TOO_LONG)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once: the same search, or the fiftieth
        held = SavedSearch.objects.filter(user=user)
        saved = held.filter(address=address).first()
        if saved is not None:
            change_frequency(saved, every)
            return saved
        if held.count() >= MOST:
            raise NotSaved(TOO_MANY)
        saved = SavedSearch.objects.create(user=user, address=address, every=every)
        _begin_later(saved)
        return saved


def change_frequency(saved: SavedSearch, every: str) -> None:
    """What was found while no mail was wanted is no news when mails are wanted again."""
    begins = saved.every == SavedSearch.Every.NEVER != every
    saved.every = every
    row = SavedSearch.objects.filter(pk=saved.pk)  # it may have been deleted meanwhile
    if begins:
        row.update(every=every, seen=[], readers=[], checked_at=None)
        _begin_later(saved)
    else:
        row.update(every=every)


def _begin_later(saved: SavedSearch) -> None:
    """Once the row is committed: who waits for the engine holds no row, nor all of SQLite."""
    transaction.on_commit(partial(_begin, saved.pk), robust=True)


def _begin(pk: int) -> None:
    """What there is now is known. When no engine can say what there is, the next passage of the job begins."""
    saved = SavedSearch.objects.select_related("user").filter(pk=pk, checked_at=None).first()
    if saved is None:
        return
    request, tokens = request_of(saved.address), tokens_of(saved.user)
    try:
        found = list(found_ids(request, tokens)) if request else []
    except EngineUnavailable:
        return
    known = {"seen": found, "readers": sorted(tokens), "checked_at": timezone.now()}
    SavedSearch.objects.filter(pk=pk, checked_at=None).update(**known)
