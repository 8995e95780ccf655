"""The territory in the admin: zones d’emploi and establishments. Pôles are pages."""

from __future__ import annotations

from django import forms
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from .models import EmploymentZone, Establishment


class EmploymentZoneViewSet(ModelViewSet):
    model = EmploymentZone
    url_prefix = "zones-d-emploi"
    icon = "globe"
    menu_label = "Zones d’emploi"
    copy_view_enabled = False
    list_display = ("name", "department")
    list_filter = ("department",)
    search_fields = ("name",)
    ordering = ("name",)
    panels = (
        FieldPanel("slug"),
        FieldPanel("name"),
        FieldPanel("department"),
        FieldPanel("latitude"),
        FieldPanel("longitude"),
    )


class EstablishmentViewSet(ModelViewSet):
    model = Establishment
    url_prefix = "etablissements"
    icon = "home"
    menu_label = "Établissements"
    copy_view_enabled = False
    list_display = ("name", "kind", "city", "uai", "pole")
    list_filter = ("kind",)
    search_fields = ("name", "city", "uai")
    ordering = ("city", "name")
    panels = (
        FieldPanel("uai"),
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("city"),
        FieldPanel("priority_education"),
        FieldPanel("pole", widget=forms.Select),
    )
