"""`{{ minutes|duration }}`: « 40 minutes », « 1 h 15 »."""

from __future__ import annotations

from django import template

from kb.core.wording import counted

register = template.Library()


@register.filter
def duration(minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    if not hours:
        return counted(left, "minute")
    return f"{hours}\u00a0h" + (f"\u00a0{left:02}" if left else "")
