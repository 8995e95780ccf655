"""Content-Security-Policy of the admin: Wagtail's own pages need inline scripts; no page of ours does."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class AdminContentSecurityPolicy:
    """Gives answers under /admin/ the looser policy of the settings; everything else keeps the strict one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            # Read by django-csp's own middleware, which stands outside this one.
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response
