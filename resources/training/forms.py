"""The admin form of a training: keys that stay, documents that are there."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from ..attachments.names import clean_name, extension_of
from ..forms import ItemForm
from .content import documents_in

KEY = re.compile(r"[A-Za-z0-9]{8}")


class ModuleForm(WagtailAdminModelForm):
    """A row of a draft has no number yet: its key travels in the form, else each save would give it another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].widget = forms.HiddenInput()
            # Django would ask the page for what a default gave: it is not drawn, and every row would have changed.
            self.fields["key"].show_hidden_initial = False
            if kwargs.get("instance") is None:
                # The row that the browser copies for each new module.
                self.initial["key"] = ""

    def clean_key(self) -> str:
        from .models import new_key  # the models name this form

        key = str(self.cleaned_data["key"])
        return key if KEY.fullmatch(key) else new_key()  # it stands in addresses


class TrainingForm(ItemForm):
    def is_valid(self) -> bool:
        """A module points to files of this training alone, as they will be called once it is saved."""
        valid: bool = super().is_valid()
        if not valid or "modules" not in self.formsets:
            return valid
        rows = [row for row in self.formsets["modules"].forms if not row.cleaned_data.get("DELETE")]
        self._part_keys(rows)
        names = self._file_names()
        known = ", ".join(f"«\u00a0{name}\u00a0»" for name in names)
        for row in rows:
            missing = [
                name for name in documents_in(row.cleaned_data.get("content") or ()) if name not in names
            ]
            if missing:
                hint = f"les fichiers sont {known}" if names else "ajoutez-le sous «\u00a0Fichiers\u00a0»"
                row.add_error(
                    "content", f"Aucun fichier joint ne s’appelle «\u00a0{missing[0]}\u00a0»\u00a0: {hint}."
                )
                valid = False
        if not valid:
            self.formsets["attachments"].keep_uploads()
        return valid

    def _part_keys(self, rows: list[forms.ModelForm[Any]]) -> None:
        """A row that was copied by hand in the browser is another module."""
        from .models import new_key

        seen: set[str] = set()
        for row in rows:
            if row.instance.key in seen:
                row.instance.key = new_key()
            seen.add(row.instance.key)

    def _file_names(self) -> list[str]:
        names = []
        for row in self.formsets["attachments"].forms if "attachments" in self.formsets else ():
            data = row.cleaned_data
            if not data or data.get("DELETE"):
                continue
            upload = data.get("upload")
            if upload is not None:
                sent = upload.name or ""
                shown = "" if row.current else data.get("name", "")
                names.append(clean_name(shown or sent, extension_of(sent)))
            elif row.current is not None:
                names.append(row.current.name)
        return names
