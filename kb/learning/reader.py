"""Whose a page is: an account, or a browser without one."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.crypto import salted_hmac

from kb.accounts.models import User


def reader_of(request: HttpRequest) -> str:
    """Thirty-two signs that say nothing of either; a browser gets others when somebody signs in or wipes it out.

    A browser is known by the secret of Django's CSRF cookie, without which it could post nothing.
    """
    if isinstance(request.user, User):
        known = f"account {request.user.pk}"
    else:
        get_token(request)  # makes the secret where there is none
        known = f"browser {request.META['CSRF_COOKIE']}"
    return salted_hmac("vivier.learning.reader", known, algorithm="sha256").hexdigest()[:32]
