"""One transaction a write request.

`ATOMIC_REQUESTS` would wrap GET too, and with immediate transactions a reader on SQLite would then wait for the
writers. Without any, Wagtail's admin publishes, unpublishes and moves outside a transaction: a crash between the
change and its outbox row would leave the index wrong. So: unsafe methods, and only them. A view that is marked with
Django's `transaction.non_atomic_requests` has transactions of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import HttpRequest, HttpResponseBase

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class UnsafeMethodsInTransaction:
    """Calls the view of a POST, PUT, PATCH or DELETE inside `transaction.atomic()`; an answer of 500 rolls back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.method in SAFE_METHODS or DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ()):
            return None
        with transaction.atomic():
            response: HttpResponseBase = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            if callable(render) and not getattr(response, "is_rendered", True):
                response = render()  # a lazy response would read and write after the commit
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
