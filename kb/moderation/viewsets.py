"""One entry of the admin's menu for what the coordination keeps up; each model asks its own rights."""

from __future__ import annotations

from wagtail.admin.viewsets.base import ViewSetGroup

from kb.accounts.viewsets import MembershipViewSet
from kb.poles.viewsets import EmploymentZoneViewSet, EstablishmentViewSet
from kb.vocabulary.viewsets import TagViewSet, TermViewSet


class Reference(ViewSetGroup):
    menu_label = "Référentiel"
    menu_icon = "list-ul"
    menu_order = 300
    items = (TermViewSet, TagViewSet, EmploymentZoneViewSet, EstablishmentViewSet, MembershipViewSet)
