"""What is new in the saved searches, told by mail: a periodic job.

A search is asked with the rights that its person has at that moment. An answer that it had never found before is
news: published, opened to this reader or described anew, it makes no difference. Nothing new, no mail.

The mail's row, `seen` and `checked_at` are written by one transaction a search: a job that is killed tells nothing
twice and loses nothing. The engine is asked before that transaction, which holds the row and would hold all of SQLite.
An engine that cannot answer ends the run: what was not asked stays as it was, and due.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kb.accounts.tokens import tokens_of
from kb.core.wording import counted
from resources.models import Item

from .answering import all_ids
from .engines.base import EngineUnavailable
from .models import SavedSearch
from .notifications import NewAnswers
from .request import DEEPEST
from .saving import request_of

logger = logging.getLogger("vivier.search")

#: The job runs every hour, a little later each time: without it a daily mail would come an hour later every day.
SLACK = timedelta(minutes=30)
PERIODS = {
    SavedSearch.Every.DAY: timedelta(days=1) - SLACK,
    SavedSearch.Every.WEEK: timedelta(weeks=1) - SLACK,
}
#: Ids that are remembered: what a search has lost (rights, a word) and finds again is no news.
MOST_SEEN = 2 * DEEPEST


class NewsLate(Exception):  # noqa: N818 - the state of the run
    """Some searches could not be asked; they are due at the next run."""


def tell_news() -> str:
    """Asks every search whose time has come; one that fails stops no other."""
    due = list(due_searches().values_list("pk", flat=True))
    told = failed = 0
    for rank, pk in enumerate(due):
        try:
            told += follow(pk)
        except EngineUnavailable as error:
            late = counted(len(due) - rank, "recherche enregistrée")
            raise NewsLate(f"{error.reason} {late} à reprendre au prochain passage.") from error
        except Exception:  # whatever it is, the others have their turn
            logger.exception("the saved search %s could not be followed", pk)
            failed += 1
    done = f"{counted(len(due) - failed, 'recherche enregistrée')}, {counted(told, 'courriel')}."
    if failed:
        raise NewsLate(f"{counted(failed, 'recherche')} en échec (voir le journal) ; {done}")
    return done


def due_searches() -> QuerySet[SavedSearch]:
    """Of people who have not left, the longest unasked first."""
    now = timezone.now()
    due = Q(checked_at=None) & Q(every__in=PERIODS)
    for every, period in PERIODS.items():
        due |= Q(every=every, checked_at__lte=now - period)
    return SavedSearch.objects.filter(due, user__is_active=True).order_by("checked_at", "pk")


def follow(pk: int) -> bool:
    """Asks one search and tells what is new in it; was there something to tell?"""
    saved = SavedSearch.objects.select_related("user").filter(pk=pk).first()
    if saved is None:
        return False
    request = request_of(saved.address)
    found = all_ids(request, tokens_of(saved.user)) if request else ()
    with transaction.atomic():
        # Another run may have told it meanwhile, its person may have stopped it or left: then it is not there.
        waiting = due_searches().select_for_update(of=("self",)).select_related("user")
        held = waiting.filter(pk=pk, checked_at=saved.checked_at).first()
        if held is None:
            return False
        new = [] if held.checked_at is None else news(found, held.seen)
        # The index may be late: only what this person may read now is told, and only what is told is known.
        items = {item.pk: item for item in Item.objects.readable_by(held.user).filter(pk__in=new)}
        told = [items[pk] for pk in new if pk in items]
        if told and request:
            NewAnswers.of(held, request, told).send([held.user])
        held.seen = known(found, held.seen, set(new) - set(items))
        held.checked_at = timezone.now()
        held.save(update_fields=["seen", "checked_at"])
        return bool(told)


def news(found: Sequence[int], seen: Iterable[int]) -> list[int]:
    """Ids of `found` (newest first) that were never found before.

    Where the list was cut off, what comes in at its end is old: something before it went away.
    """
    before = set(seen)
    if len(found) >= DEEPEST:
        found = found[: max((rank for rank, pk in enumerate(found, 1) if pk in before), default=len(found))]
    return [pk for pk in found if pk not in before]


def known(found: Sequence[int], seen: Iterable[int], untold: set[int]) -> list[int]:
    """What is no news from now on: what was found, save what could not be told, and what had been found before."""
    ids = dict.fromkeys([*(pk for pk in found if pk not in untold), *seen])
    return list(ids)[:MOST_SEEN]
