"""Model fields that several rooms use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from wagtail.blocks import StreamValue
from wagtail.blocks.base import BlockField

if TYPE_CHECKING:
    # Wagtail ships no types: to the type checker, rich text is the text that it is, and a stream anything.
    RichTextField = models.TextField[str, str]

    class StreamField(models.JSONField[Any, Any]):
        stream_block: Any

        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

else:
    from wagtail.fields import RichTextField, StreamField

from .blocks import as_the_editor_writes
from .html import EDITOR_FEATURES, clean_html, plain_text


class CleanRichTextFormField(forms.CharField):
    """Tells whether a person changed the text.

    The editor numbers its blocks anew each time it is opened, and writes in its own way what came from elsewhere
    (`<b>` for `<strong>`, no line breaks between list items): what only made the trip through it is unchanged.
    """

    def has_changed(self, initial: Any, data: Any) -> bool:
        known = _bare(initial)
        return not self.disabled and _bare(data) not in {known, _bare(self._through_the_editor(known))}

    def _through_the_editor(self, text: str) -> str:
        converter = getattr(self.widget, "converter", None)
        if converter is None:
            return text
        return str(converter.to_database_format(converter.from_database_format(text)))


def _bare(value: Any) -> str:
    text = clean_html(str(value or ""))
    return "" if text == "<p></p>" else text


class CleanRichTextField(RichTextField):
    """Rich text that is cleaned whichever way it comes in: a form, a validated draft, a plain save, a bulk insert."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("features", EDITOR_FEATURES)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        cleaned = super().clean(value, model_instance)
        return clean_html(cleaned) if isinstance(cleaned, str) else cleaned

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        super().save_form_data(instance, clean_html(data) if isinstance(data, str) else data)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if not isinstance(value, str):
            return value
        cleaned = clean_html(value)
        setattr(model_instance, self.attname, cleaned)
        return cleaned

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CleanRichTextFormField, **kwargs})

    def get_searchable_content(self, value: Any) -> list[str]:
        return [plain_text(str(value or ""))]


class CleanBlockFormField(BlockField):
    """Tells whether a person changed a stream: rich text in it that only went through the editor is unchanged."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        changed = bool(super().has_changed(initial, data))
        if not changed or initial is None:  # a new row
            return changed
        first, second = (as_the_editor_writes(self.block, value) for value in (initial, data))
        return bool(first != second)


class CleanStreamField(StreamField):
    """A StreamField of which every block is written by itself: Wagtail writes what nobody looked at as it came."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, StreamValue):
            list(value)  # each block is made, and so cleaned when it is written
        return super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CleanBlockFormField, **kwargs})
