"""Which questions are asked, so that the coordination sees what people look for and what they do not find.

Kept: the folded question, the filters, the day, how often, how many answers. Never kept: who asked, from where, at what
time, with which cookie, and no question that looks as if it told something about a person (an address, a telephone
number, any six digits: a date of birth, an INE) or that was pasted rather than asked.

Only the first page of the search page is noted: turning pages is no new question, nor is asking again for the words as
they were typed, and suggestions and the API are asked by programs. It is noted once the answer is sent, so nobody waits
for it and no failure reaches a reader.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import Error, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kb.core.wording import counted

from .analysis import question_key, words_of
from .models import AskedQuestion
from .request import SearchRequest

logger = logging.getLogger("vivier.search")

#: Thirteen months: a week can be compared with the same one a year before.
KEPT = timedelta(days=396)
#: Different questions of a day; what a robot asks beyond them is not kept.
MOST_A_DAY = 10_000
#: Characters and words of what is still a question.
LONGEST, MOST_WORDS = 100, 12
#: Milliseconds for which the database's lock is waited for: the process has other readers to answer.
PATIENCE = 250

#: An address; six digits, whatever stands between them: a telephone number, a date of birth, an INE.
_PERSONAL = re.compile(r"@|(?:\d[\W_]*){6}")
_LONGEST_FILTERS = 500
_CODE = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Entry:
    """What is noted of one question."""

    key: str
    filters: str
    count: int


def entry_of(http: HttpRequest, asked: SearchRequest, count: int) -> Entry | None:
    """What to note of a question that was answered with `count` items; None when it is none of those that are kept."""
    key = question_key(asked.q)
    # The coordination's links to a question (search.coordination.views) are no readers' questions.
    if http.method != "GET" or "/admin/" in http.headers.get("referer", ""):
        return None
    if not key or asked.page != 1 or asked.as_typed or not _is_impersonal(asked.q):
        return None
    pairs = sorted((name, value) for name, values in asked.filters.items() for value in values)
    filters = urlencode(pairs)
    if len(filters) > _LONGEST_FILTERS or not all(_is_code(value) for _, value in pairs):
        return None
    return Entry(key, filters, count)


def _is_impersonal(q: str) -> bool:
    return len(q) <= LONGEST and len(words_of(q)) <= MOST_WORDS and not _tells_of_somebody(q)


def _tells_of_somebody(text: str) -> bool:
    return bool(_PERSONAL.search(unicodedata.normalize("NFKC", text)))


def _is_code(value: str) -> bool:
    """Can a value be one of ours? Another was typed into the address, and may be anything."""
    return bool(_CODE.fullmatch(value)) and not _tells_of_somebody(value)


def write(entry: Entry, *, patience: int = PATIENCE) -> None:
    """One more today. Never raises for want of a database; the log does not repeat the question."""
    try:
        with _hasty_transaction(patience):
            _count(entry)
    except Error as error:
        logger.warning("a question was not noted: %s", type(error).__name__)


def _count(entry: Entry) -> None:
    today = timezone.localdate()
    row = {"day": today, "key": entry.key, "filters": entry.filters}
    again: dict[str, Any] = {"count": entry.count, "times": F("times") + 1}
    if AskedQuestion.objects.filter(**row).update(**again):
        return
    if not AskedQuestion.objects.filter(day=today).order_by()[MOST_A_DAY - 1 : MOST_A_DAY].exists():
        # Somebody else may insert it meanwhile.
        AskedQuestion.objects.update_or_create(**row, defaults=again, create_defaults={"count": entry.count})


@contextmanager
def _hasty_transaction(patience: int) -> Iterator[None]:
    """A transaction that waits at most `patience` milliseconds for a lock: SQLite's usual patience is 20 s."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET LOCAL lock_timeout = %s", [patience])
                yield
            return
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


class LoggedPage(HttpResponse):
    """Its question is noted once the server has sent the last byte and closes it."""

    def __init__(self, content: str, entry: Entry | None) -> None:
        super().__init__(content)
        self.entry = entry

    def close(self) -> None:
        entry, self.entry = self.entry, None
        if entry is not None:
            write(entry)
        super().close()  # tells Django that the request is over: its connection may go


def forget() -> str:
    """Deletes what is older than thirteen months."""
    old = AskedQuestion.objects.filter(day__lt=timezone.localdate() - KEPT)
    count, _ = old.delete()
    return f"{counted(count, 'ancienne question retirée')} du relevé."
