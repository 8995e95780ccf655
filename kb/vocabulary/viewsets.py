"""The closed vocabularies and the free tags in the admin, for who holds Django's rights on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Tag, Term


class UnusedTermDelete(DeleteView):
    """Says why a term is not deleted, and what to do instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.object.is_used:
            messages.error(
                request,
                f"«\u00a0{self.object}\u00a0» a servi à classer des fiches, ou remplace un autre terme\u00a0: il ne se "
                "supprime pas. Donnez-lui une fin de validité et, s’il en a un, un successeur.",
            )
            return redirect("term:edit", self.object.pk)
        return super().dispatch(request, *args, **kwargs)


class TermViewSet(ModelViewSet):
    model = Term
    url_prefix = "termes"
    icon = "list-ul"
    menu_label = "Termes"
    copy_view_enabled = False
    delete_view_class = UnusedTermDelete
    list_display = ("label", "slug", "facet", "valid_until", "replaced_by")
    list_filter = ("facet",)
    search_fields = ("label", "slug")
    ordering = ("facet", "position", "slug")
    list_per_page = 50
    panels = (
        FieldPanel("facet"),
        FieldPanel("slug"),
        FieldPanel("label"),
        FieldPanel("position"),
        FieldPanel("concept_uri"),
        FieldPanel("valid_from"),
        FieldPanel("valid_until"),
        FieldPanel("replaced_by"),
    )


class TagViewSet(ModelViewSet):
    """Renamed or deleted; new ones are born on items."""

    model = Tag
    url_prefix = "mots-cles"
    icon = "tag"
    menu_label = "Mots-clés"
    copy_view_enabled = False
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    ordering = ("name",)
    list_per_page = 50
    panels = (FieldPanel("name"),)
