"""What is new in the saved searches, told by mail: a periodic job.

A search is asked with the rights that its person has at that moment. News is what it had never found before and what
was published, or opened to this reader, since the last passage. An old item that is found for the first time is none:
the same question is understood anew as the index grows and synonyms come. Nothing new, no mail.

The mail's row and what the passage leaves (`PASSAGE`) are written by one transaction a search: a job that is killed
tells nothing twice and loses nothing. The engine is asked before that transaction, which holds the row and would hold
all of SQLite. An engine that cannot answer ends the run: what was not asked stays as it was, and due.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kb.accounts.tokens import tokens_of
from kb.core.wording import counted
from resources.models import Item
from search.answering import found_ids
from search.engines.base import EngineUnavailable
from search.models import SavedSearch
from search.request import DEEPEST

from .keeping import PASSAGE, request_of
from .notifications import NewAnswers

logger = logging.getLogger("vivier.search")

#: The job runs every hour, a little later each time: without it a daily mail would come an hour later every day.
SLACK = timedelta(minutes=30)
PERIODS = {
    SavedSearch.Every.DAY: timedelta(days=1) - SLACK,
    SavedSearch.Every.WEEK: timedelta(weeks=1) - SLACK,
}
#: For how long after its publication an item may be missing from the index and still be told when it comes.
LATE = timedelta(days=7)
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
    request, tokens = request_of(saved.address), tokens_of(saved.user)
    found = found_ids(request, tokens) if request else ()
    with transaction.atomic():
        # Another run may have told it meanwhile, its person may have stopped it or left: then it is not there.
        waiting = due_searches().select_for_update(of=("self",)).select_related("user")
        held = waiting.filter(pk=pk, checked_at=saved.checked_at).first()
        if held is None:
            return False
        told = _news(held, held.checked_at, found) if held.checked_at else []
        if told and request:
            NewAnswers.of(held, request, told).send([held.user])
        held.seen = known(found, held.seen)
        held.readers, held.checked_at = sorted(tokens), timezone.now()
        held.save(update_fields=PASSAGE)
        return bool(told)


def _news(saved: SavedSearch, last: datetime, found: Sequence[int]) -> list[Item]:
    """What is new since the passage of `last` and may be read at this moment, in the order of `found`."""
    seen = set(saved.seen)
    ids = [pk for pk in found if pk not in seen]
    closed_then = ~Q(pk__in=Item.objects.readable_with(saved.readers).values("pk"))
    new = Item.objects.readable_by(saved.user).filter(
        Q(last_published_at__gt=last - LATE) | closed_then, pk__in=ids
    )
    items = {item.pk: item for item in new}
    return [items[pk] for pk in ids if pk in items]


def known(found: Sequence[int], seen: Sequence[int]) -> list[int]:
    """What is no news from now on: what was found, and what had been found before and is found no more."""
    return list(dict.fromkeys([*found, *seen]))[:MOST_SEEN]
