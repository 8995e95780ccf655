"""Where modules are edited: rows of `ModuleForm`, which Wagtail's own panel would not ask."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import InlinePanel, get_form_for_model

from .forms import ModuleForm


class ModulesPanel(InlinePanel):
    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields")
        more = {"defer_required_on_fields": deferred} if deferred else {}
        form = get_form_for_model(self.db_field.related_model, form_class=ModuleForm, **more)
        options["formsets"][self.relation_name]["form"] = form
        return options
