"""Addresses of the pages that gather from several rooms."""

from __future__ import annotations

from django.urls import path
from django.views.generic import TemplateView

from . import doors, drafts, feeds, health, lists, robots, sitemap

urlpatterns = [
    path("", lists.home, name="home"),
    path("ressources/", lists.teaching, name="teaching-list"),
    path("formations/", lists.trainings, name="training-list"),
    path("poles/", lists.poles, name="pole-list"),
    path("enseigner/", doors.teach, name="teach"),
    path("accueillir/", doors.welcome, name="welcome"),
    path("animer/", doors.lead, name="lead"),
    path("brouillons/<int:pk>/", drafts.draft, name="draft"),
    path("flux/", feeds.feed, name="feed"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", robots.robots, name="robots"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("aide/", TemplateView.as_view(template_name="home/help.html"), name="help"),
    path("plan-du-site/", lists.site_plan, name="site-plan"),
    path(
        "accessibilite/", TemplateView.as_view(template_name="home/accessibility.html"), name="accessibility"
    ),
    path("mentions-legales/", TemplateView.as_view(template_name="home/legal.html"), name="legal"),
    path("donnees-personnelles/", TemplateView.as_view(template_name="home/privacy.html"), name="privacy"),
]
