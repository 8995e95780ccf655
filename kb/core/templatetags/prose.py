"""`{{ text|prose }}`: rich text on a page, cleaned."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from kb.core import html

register = template.Library()


@register.filter
def prose(value: str | None) -> SafeString:
    return html.prose(value or "")
