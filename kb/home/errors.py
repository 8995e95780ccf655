"""Pages for what went wrong: each says what happened and what to do next, in French, whatever DEBUG says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, f"home/errors/{name}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 says the same whether a page does not exist or may not be read: its existence is no one's business."""
    return _page(request, "404", 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """allauth's answer to who tries too often; it looks for `handler429` beside the others."""
    return _page(request, "429", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: its user and messages would ask the database, which may be what failed."""
    return HttpResponse(render_to_string("home/errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "csrf", 403)
