"""Progress without an account: in a signed cookie, and in a signed link that one may mail to oneself.

The server keeps nothing of it. Who edits either gets nothing: what is not signed by this site is not read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from .progress import Progress

NAME = "progression"
KEPT = timedelta(days=400)
"""Browsers keep no cookie for longer."""
LINK_LIVES = timedelta(days=365)
#: Browsers take 4,096 bytes with the name and the attributes.
LONGEST = 3_800
_COOKIE, _LINK = "vivier.learning.cookie", "vivier.learning.link"


class Unreadable(ValueError):  # noqa: N818 - what was brought, not a fault of the code
    """Not signed by this site, or too old."""


def from_cookie(request: HttpRequest) -> Progress:
    """Nothing when there is none, or one that was edited."""
    try:
        return _read(request.COOKIES.get(NAME, ""), _COOKIE, KEPT)
    except Unreadable:
        return Progress()


def to_cookie(response: HttpResponse, progress: Progress) -> None:
    """The oldest trainings go when there are more than a cookie holds (about forty-five of five modules)."""
    text = _written(progress, _COOKIE)
    while len(text) > LONGEST and progress.trainings:
        progress = progress.without_oldest()
        text = _written(progress, _COOKIE)
    response.set_cookie(
        NAME,
        text,
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(NAME, samesite="Lax")


def to_link(progress: Progress) -> str:
    """A word for an address. It carries no invitation: who opens it is not who accepted."""
    return _written(Progress(progress.trainings), _LINK)


def from_link(text: str) -> Progress:
    """Raises Unreadable."""
    return _read(text, _LINK, LINK_LIVES)


def _written(progress: Progress, salt: str) -> str:
    return signing.dumps(progress.to_data(), salt=salt, compress=True)


def _read(text: str, salt: str, lives: timedelta) -> Progress:
    try:
        data: Any = signing.loads(text, salt=salt, max_age=lives)
        return Progress.from_data(data)
    except (signing.BadSignature, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise Unreadable from error
