"""The search room's addresses."""

from __future__ import annotations

from django.urls import path

from . import api, views
from .saved import views as saved_searches

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("recherche/suggestions/", views.suggest, name="suggest"),
    path("recherche/enregistrees/", saved_searches.mine, name="saved-searches"),
    path("recherche/enregistrees/<int:pk>/", saved_searches.change, name="saved-search"),
    path("recherche/enregistrees/arreter/<uuid:token>/", saved_searches.stop, name="saved-search-stop"),
    path("api/v1/search", api.search, name="api-search"),
]
