"""Every address of the site, in the order in which they are tried."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern

handler400 = "kb.home.errors.bad_request"
handler403 = "kb.home.errors.forbidden"
handler404 = "kb.home.errors.not_found"
handler429 = "kb.home.errors.too_many_requests"
handler500 = "kb.home.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("kb.accounts.urls")),
    path("", include("resources.urls")),
    path("", include("search.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("kb.learning.urls")),
    path("", include("kb.home.urls")),
    # Items and pôles, guarded by kb.home.serving. Wagtail's pages of page passwords are not mounted: there are none.
    re_path(serve_pattern, wagtail_views.serve, name="wagtail_serve"),
]
