"""Addresses of this room that are not pages."""

from __future__ import annotations

from django.urls import path

from .attachments.views import attachment
from .tag_suggestions import tag_suggestions

urlpatterns = [
    path("fichiers/<uuid:pk>/", attachment, name="attachment"),
    # Before Wagtail's own, at its addresses: its widget finds them there.
    path("admin/tag-autocomplete/", tag_suggestions, name="tag_suggestions"),
    path(
        "admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/",
        tag_suggestions,
        name="tag_model_suggestions",
    ),
]
