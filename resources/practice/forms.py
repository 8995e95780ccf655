"""The admin form of a practice sheet: what it takes over is a sheet that its writer may read."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from kb.poles.models import Pole

from ..admin_reading import guard_chooser, items_named_to
from ..forms import ItemForm


class PracticeSheetForm(ItemForm):
    """A sheet taken over earlier stays chosen when it is no longer readable; its title is then not shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._show_pole_of_parent()
        if "based_on" not in self.fields or self.for_user is None:
            return
        field = self.fields["based_on"]
        field.queryset = field.queryset.filter(
            Q(pk__in=items_named_to(self.for_user).values("pk")) | Q(pk=self.instance.based_on_id)
        )
        field.error_messages["invalid_choice"] = (
            "Cette fiche n’existe pas, ou vous ne pouvez pas la consulter : choisissez-en une autre."
        )
        guard_chooser(field.widget, self.for_user)

    def _show_pole_of_parent(self) -> None:
        """It is where the sheet lies in the tree, also before the sheet is there: shown, never chosen."""
        pole = Pole.objects.filter(pk=self.parent_page.pk).first() if self.parent_page else None
        if pole is not None and "pole" in self.fields:
            self.initial["pole"] = pole.pk
            self.fields["pole"].disabled = True
            self.fields["pole"].help_text = "Le pôle sous lequel la fiche est écrite."
