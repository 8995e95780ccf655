"""`{{ day|jour }}`: a date as French writes it, never broken over two lines."""

from __future__ import annotations

import datetime

from django import template
from django.utils.dateformat import format as formatted

register = template.Library()


@register.filter(expects_localtime=True)
def jour(value: datetime.date | None) -> str:
    """« 1er octobre 2027 »; in a template a moment is told by its day here, and no date by nothing."""
    if not value:
        return ""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number}\u00a0{formatted(value, 'F')}\u00a0{value.year}"
