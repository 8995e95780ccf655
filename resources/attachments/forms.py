"""The rows « Fichier » of an item's form in the admin.

A row holds a file that is there already (shown, replaced or taken out) or a new one (chosen with its nature). A file
never changes: replacing it stores another. The row's hidden field names the file that it holds, because Wagtail gives
the rows of a draft no number of their own; it only accepts files of the version that is being edited, and files that
this same person stored a moment ago in a form that had errors.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from .accepting import accept
from .formats import ACCEPTED, FORMATS
from .models import Attachment, AttachmentRole
from .names import MAX_LENGTH
from .storing import store

_CHOICES = ",".join(f".{each.extension}" for each in FORMATS)

#: For a row that names another file than those of the version.
_NOT_HELD = "Ce fichier n’est pas dans cette version de la fiche\u00a0: choisissez un fichier, ou retirez cette ligne."


class ItemAttachmentForm(WagtailAdminModelForm):
    """One row. `held`: the files of the version that is being edited."""

    attachment = forms.ModelChoiceField(Attachment.objects.none(), required=False, widget=forms.HiddenInput)
    upload = forms.FileField(
        label="Fichier",
        required=False,
        widget=forms.FileInput(attrs={"accept": _CHOICES}),
        help_text=f"{ACCEPTED}. Aucune donnée sur un élève.",
        error_messages={
            "empty": "Ce fichier est vide. Vérifiez-le dans votre logiciel, puis déposez-le à nouveau."
        },
    )
    role = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "— À choisir —"), *AttachmentRole.choices]
    )
    name = forms.CharField(
        label="Nom affiché",
        required=False,
        max_length=MAX_LENGTH,
        help_text="Laissé vide, c’est le nom du fichier.",
    )

    def __init__(self, *args: Any, held: frozenset[UUID] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("attachment", self.instance.attachment_id)
        self.fields["attachment"].queryset = self._allowed(held)
        self.current: Attachment | None = None
        self._show(self._current())

    def _allowed(self, held: frozenset[UUID]) -> QuerySet[Attachment]:
        allowed = Q(pk__in=held)
        if self.for_user is not None:
            allowed |= Q(uploaded_by=self.for_user, holdings=None, places=None)
        return Attachment.objects.filter(allowed)

    def _current(self) -> Attachment | None:
        """The file of this row: an unknown or forbidden one shows nothing of itself."""
        field = self["attachment"]
        try:
            return self.fields["attachment"].clean((self.is_bound and field.data) or field.initial)
        except ValidationError:
            return None

    def _show(self, current: Attachment | None) -> None:
        """A file that is there: its name and nature are read, no longer typed."""
        if current is None:
            return
        self.current = current
        for name, value in (("role", current.role), ("name", current.name)):
            self.initial[name] = value
            self._bound_fields_cache.pop(name, None)  # it remembers the value of before
            self.fields[name].disabled = True
            self.fields[name].help_text = ""
        self.fields["upload"].label = "Remplacer par"
        self.fields["upload"].help_text = format_html(
            'Fichier actuel\u00a0: <a href="{}">{}</a> ({}, {}).',
            current.get_absolute_url(),
            current.name,
            current.format_label,
            current.human_size,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("DELETE"):
            return cleaned
        if "attachment" in self.errors:
            # Said where it is seen, and forgotten: the same row may then take a file.
            del self.errors["attachment"]
            self.add_error("upload", _NOT_HELD)
            self._remember("")
            return cleaned
        upload: UploadedFile | None = cleaned.get("upload")
        if upload is None and self.current is None and "upload" not in self.errors:
            self.add_error("upload", "Choisissez un fichier, ou retirez cette ligne.")
        if not cleaned.get("role") and "role" not in self.errors:
            again = ", puis choisissez-le à nouveau" if upload is not None else ""
            self.add_error("role", f"Indiquez la nature du fichier{again}.")
        if upload is not None:
            try:
                accept(upload, upload.name or "")
            except ValidationError as error:
                self.add_error("upload", error)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("upload"):
            self.instance.attachment = self._store()
        elif self.current is not None:
            self.instance.attachment = self.current
        return super().save(commit=commit)

    def _store(self) -> Attachment:
        upload: UploadedFile = self.cleaned_data["upload"]
        shown_as = "" if self.current else self.cleaned_data.get("name", "")
        return store(upload, upload.name or "", self.cleaned_data["role"], self.for_user, shown_as)

    def keep_upload(self) -> None:
        """The form comes back with errors elsewhere: no browser fills in a file again, so it is stored now."""
        if not self.is_valid() or self.cleaned_data.get("DELETE") or not self.cleaned_data.get("upload"):
            return
        kept = self._store()
        del self.cleaned_data["upload"]
        self._remember(str(kept.pk))
        self.files: MultiValueDict[str, UploadedFile] = MultiValueDict()
        self.fields["attachment"].queryset |= Attachment.objects.filter(pk=kept.pk)
        self._show(kept)

    def _remember(self, file_id: str) -> None:
        """What the row's hidden field will say when the form comes back with its errors."""
        self.data: QueryDict = self.data.copy()
        self.data[self.add_prefix("attachment")] = file_id


class ItemAttachmentFormSet(BaseChildFormSet):
    """The rows of one item; they know which files its edited version holds."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "held": self._held()}

    def _held(self) -> frozenset[UUID]:
        if not hasattr(self, "_held_ids"):
            self._held_ids = frozenset(place.attachment_id for place in self.get_queryset())
        return self._held_ids

    def keep_uploads(self) -> None:
        for form in self.forms:
            form.keep_upload()
