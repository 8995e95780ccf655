"""`{{ field|without_placeholder }}`: a field's control whose label stands beside it, and nowhere else."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def without_placeholder(field: BoundField) -> SafeString:
    """The control without the grey words that allauth puts in it: too pale to read, and the label again."""
    return field.as_widget(attrs={"placeholder": False})
