"""Old addresses redirect, but never tell the new address of a page to who may not read it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.utils.cache import patch_cache_control, patch_vary_headers
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from kb.accounts.tokens import tokens_of
from kb.core.readers import ALL, readers_of

from .item import Item


class ReadableRedirects(RedirectMiddleware):
    """Wagtail's redirects of a 404, asked of `readers_of` first: who may not read the target keeps the 404."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        redirect = _redirect_for(request)
        if redirect is None:
            return response
        readers = _readers_of_page(redirect.redirect_page) if redirect.redirect_page else frozenset({ALL})
        public = ALL in readers
        if not public and readers.isdisjoint(tokens_of(request.user)):
            return response
        # An address that redirects to itself, by hand or since a page came back to it, would turn in circles.
        if not redirect.link or urlsplit(redirect.link).path == request.path:
            return response
        kind = HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect
        answer = kind(redirect.link)
        if not public:
            # Browsers and caches keep a permanent redirect for ever, even for who may no longer read.
            patch_cache_control(answer, private=True, no_store=True)
            patch_vary_headers(answer, ["Cookie"])
        return answer


def _redirect_for(request: HttpRequest) -> Redirect | None:
    """With its query string first, then without, as Wagtail looks for them."""
    whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    bare = whole.partition("?")[0]
    return get_redirect(request, whole) or (get_redirect(request, bare) if bare != whole else None)


def _readers_of_page(page: Page) -> frozenset[str]:
    """The tokens that read the page at its public address; nobody does while it is not published."""
    if not page.live:
        return frozenset()
    specific = page.specific
    return readers_of(specific) if isinstance(specific, Item) else frozenset({ALL})
