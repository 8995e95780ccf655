"""The search room's addresses."""

from __future__ import annotations

from django.urls import path

from . import api, views

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("recherche/suggestions/", views.suggest, name="suggest"),
    path("api/v1/search", api.search, name="api-search"),
]
