"""What the coordination keeps up of the search, in one entry of the admin's menu beside « Référentiel »."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminPageChooser

from kb.accounts.tokens import is_coordination
from resources.models import Item
from search.models import BestBet, SynonymRule

from .views import AskedQuestionsView, StrikeView

#: Wagtail's chooser hands this word through to its address, where search.wagtail_hooks reads it.
PUBLISHED = "published"


class CoordinationItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return is_coordination(request.user)


class AskedQuestionsViewSet(ViewSet):
    """Read, not edited: a page of its own."""

    name = "askedquestion"
    url_prefix = "questions-posees"
    icon = "help"
    menu_label = "Questions posées"
    menu_item_class = CoordinationItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", AskedQuestionsView.as_view(), name="index"),
            path("rayer/", StrikeView.as_view(), name="strike"),
        ]


class BegunCreateView(CreateView):
    """Begins with what the address says of `begun_by`: the report links here from a question."""

    begun_by = ""

    def get_initial(self) -> dict[str, Any]:
        text = self.request.GET.get(self.begun_by, "").replace("\x00", "")
        return {**super().get_initial(), **({self.begun_by: text} if text else {})}


class SynonymCreateView(BegunCreateView):
    begun_by = "line"


class BestBetCreateView(BegunCreateView):
    begun_by = "question"


class BestBetIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[BestBet]:
        return super().get_base_queryset().select_related("item")


class SynonymRuleViewSet(ModelViewSet):
    model = SynonymRule
    url_prefix = "synonymes"
    icon = "openquote"
    menu_label = "Synonymes"
    copy_view_enabled = False
    add_view_class = SynonymCreateView
    list_display = ("line", "created_at")
    search_fields = ("line",)
    ordering = ("line",)
    list_per_page = 50
    panels = (FieldPanel("line"),)


class BestBetViewSet(ModelViewSet):
    model = BestBet
    url_prefix = "reponses-epinglees"
    icon = "thumbtack"
    menu_label = "Réponses épinglées"
    copy_view_enabled = False
    add_view_class = BestBetCreateView
    index_view_class = BestBetIndexView
    list_display = (
        "question",
        "item",
        "position",
        BooleanColumn("live", label="En ligne", accessor="item.live"),
    )
    search_fields = ("question", "item__title")
    ordering = ("key", "position", "pk")
    list_per_page = 50
    panels = (
        FieldPanel("question"),
        FieldPanel("item", widget=AdminPageChooser(target_models=[Item], user_perms=PUBLISHED)),
        FieldPanel("position"),
    )


class Searching(ViewSetGroup):
    menu_label = "Recherche"
    menu_icon = "search"
    menu_order = 310
    items = (AskedQuestionsViewSet, BestBetViewSet, SynonymRuleViewSet)
