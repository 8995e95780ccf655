"""Dated roles in the admin. A role ends by its last day; it is not deleted, since it tells who was what."""

from __future__ import annotations

from django import forms
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import UserViewSet

from .forms import NewPersonForm, PersonForm
from .models import Membership


class PeopleViewSet(UserViewSet):
    """For administrators alone (resources.admin_gate)."""

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return PersonForm if for_update else NewPersonForm


class MembershipViewSet(ModelViewSet):
    model = Membership
    url_prefix = "roles"
    icon = "group"
    menu_label = "Rôles des personnes"
    copy_view_enabled = False
    list_display = ("user", "role", "pole", "establishment", "since", "until")
    list_filter = ("role",)
    search_fields = ("user__last_name", "user__first_name", "user__email")
    ordering = ("user__last_name", "user__first_name", "-since")
    panels = (
        FieldPanel("user"),
        FieldPanel("role"),
        FieldPanel("pole", widget=forms.Select),
        FieldPanel("establishment"),
        FieldPanel("origin"),
        FieldPanel("since"),
        FieldPanel("until"),
    )
