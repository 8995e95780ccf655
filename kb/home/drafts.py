"""/brouillons/<id>/: the version that waits, for those who may read it. The public address never shows it."""

from __future__ import annotations

from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.accounts.tokens import tokens_of
from kb.core.readers import readers_of
from resources.item import Item


@never_cache
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest saved version; who may only read the published one is sent to it, everybody else gets a 404."""
    item = Item.objects.filter(pk=pk).specific().first() if pk <= BigIntegerField.MAX_BIGINT else None
    if item is None:
        raise Http404
    tokens = tokens_of(request.user)
    if item.has_waiting_version and readers_of(item.draft_version()) & tokens:
        version = item.get_latest_revision_as_object()
        request.is_preview = True  # type: ignore[attr-defined]  # as Wagtail says it: not the published version
        response = render(request, version.get_template(request), version.get_context(request))
        response["X-Robots-Tag"] = "noindex"
        return response
    if item.live and readers_of(item) & tokens:
        return redirect(item.get_url(request))
    raise Http404
