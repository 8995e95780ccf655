"""What others asked, as suggestions while one types: only questions that tell nothing about anybody or anything.

A question is suggested when it was asked on five different days (nobody's own words), found something the last time,
was not struck out by the coordination, and is made of words that documents of this very reader hold: a word that stands
in a draft alone, or in what only members read, is not told by its being asked for.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, F, Max, Q, Sum

from .analysis import STOP_WORDS, question_key
from .answering import withheld
from .document import clean_text
from .engines import get_engine
from .engines.base import EngineUnavailable
from .models import AskedQuestion, StruckQuestion
from .question import Need

DAYS = 5
#: Letters without which nothing is suggested: one letter begins a tenth of all questions.
SHORTEST = 2
#: Looked at for each one that is asked for: some hold a word that the reader's documents do not.
LOOKED_AT = 3
_LAST_CHARACTER = "\U0010ffff"


def past_questions(
    typed: str, readers: frozenset[str], limit: int = 3, *, hidden: frozenset[int] | None = None
) -> list[str]:
    """Folded questions that begin like what is typed, most asked first; none without an engine.

    `hidden`: what `search.answering.withheld` says of these readers, when the caller has it already.
    """
    beginning = _beginning(typed)
    if len(beginning) < SHORTEST:
        return []
    keys = _often_asked(beginning, limit * LOOKED_AT)
    found: list[str] = []
    try:
        if keys and hidden is None:
            hidden = withheld(readers)
        while keys and len(found) < limit:
            found += _telling_nothing(keys[:limit], readers, hidden or frozenset())
            keys = keys[limit:]
    except EngineUnavailable:
        return []
    return found[:limit]


def _telling_nothing(keys: list[str], readers: frozenset[str], hidden: frozenset[int]) -> list[str]:
    """Those of which every word stands in a document of these readers. Each word costs the engine a search."""
    words = list(dict.fromkeys(word for key in keys for word in _words(key)))
    *counts, _ = get_engine().holdings([Need((word,)) for word in words], readers, hidden)
    held = {word for word, count in zip(words, counts, strict=True) if count}
    return [key for key in keys if held.issuperset(_words(key))]


def _beginning(typed: str) -> str:
    """As keys are written. What ends a word ends it here too: with a space behind, « stage » begins no « stages »."""
    text, key = clean_text(typed), question_key(typed)
    return f"{key} " if key and not text[-1].isalnum() else key


def _words(key: str) -> list[str]:
    words = key.split()
    return [word for word in words if word not in STOP_WORDS] or words


def _often_asked(beginning: str, limit: int) -> list[str]:
    """One query that reads an index alone (AskedQuestion.Meta)."""
    asked = AskedQuestion.objects.filter(key__startswith=beginning).exclude(key=beginning)
    if connection.vendor == "sqlite":
        # Its LIKE uses no index here; PostgreSQL's does, and compares letters otherwise than by their number.
        asked = asked.filter(key__gte=beginning, key__lt=beginning + _LAST_CHARACTER)
    often = (
        asked.order_by()
        .values("key")
        .annotate(
            days=Count("day", distinct=True),
            asked=Sum("times"),
            last=Max("day"),
            found=Max("day", filter=Q(count__gt=0)),
        )
        .filter(days__gte=DAYS, found=F("last"))
        .exclude(key__in=StruckQuestion.objects.values("key"))
        .order_by("-asked", "key")
    )
    return [row["key"] for row in often[:limit]]
