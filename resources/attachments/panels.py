"""Where files are chosen in the admin, and how two versions of an item are compared by their files."""

from __future__ import annotations

import functools
from typing import Any

from wagtail.admin import compare
from wagtail.admin.panels import FieldPanel, InlinePanel

from .forms import ItemAttachmentForm, ItemAttachmentFormSet


class AttachmentsPanel(InlinePanel):
    """Rows of `ItemAttachmentForm`, which knows the person and the version that is edited."""

    def __init__(self, relation_name: str = "attachments", **kwargs: Any) -> None:
        kwargs.setdefault("label", "Fichier")
        kwargs.setdefault("panels", [FieldPanel("upload"), FieldPanel("role"), FieldPanel("name")])
        super().__init__(relation_name, **kwargs)

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name] |= {
            "form": ItemAttachmentForm,
            "formset": ItemAttachmentFormSet,
            "inherit_kwargs": ["for_user"],
        }
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            """By the file itself: none of the row's fields is stored in it."""
            relation = self.panel.db_field
            by_file = functools.partial(
                compare.ForeignObjectComparison, relation.related_model._meta.get_field("attachment")
            )
            return [
                functools.partial(compare.ChildRelationComparison, relation, [by_file], label=self.heading)
            ]
