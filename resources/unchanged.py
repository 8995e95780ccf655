"""Did a person change anything in the editor, or was a version only opened and sent back?

Wagtail gives the rows of a draft (results, modules, links) no number until they are published, so its own forms take
every such row for a new one.
"""

from __future__ import annotations

from typing import Any

from django.forms import BaseModelForm, BaseModelFormSet
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

#: What a row's form holds besides what the row says.
_KEEPING = frozenset({"id", "ORDER", "DELETE"})


def says_something_else(form: WagtailAdminPageForm, version: Page) -> bool:
    """Does a valid form say something else than the version from which it was made?"""
    if form.changed_data:
        return True
    return any(
        _differs(formset, list(getattr(version, name).all()))
        for name, formset in form.formsets.items()
        if formset.has_changed()
    )


def _differs(formset: BaseModelFormSet[Any, Any], rows: list[Any]) -> bool:
    sent = formset.ordered_forms if formset.can_order else formset.forms
    if formset.deleted_forms or len(sent) != len(rows):
        return True
    return any(_row_differs(form, row) for form, row in zip(sent, rows, strict=True))


def _row_differs(form: BaseModelForm[Any], row: Any) -> bool:
    if "upload" in form.fields:  # a file's row says which file it holds, and nothing else
        return bool(form.cleaned_data.get("upload")) or str(form["attachment"].data or "") != str(
            row.attachment_id
        )
    known = type(form)(instance=row).initial
    return any(
        field.has_changed(known.get(name), form[name].data)
        for name, field in form.fields.items()
        if name not in _KEEPING
    )
