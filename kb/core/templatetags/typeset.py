"""`{% filter typeset %}…{% endfilter %}`: a stretch of page in French typography, its markup as it was."""

from __future__ import annotations

from django import template

from kb.core.typography import typeset_html

register = template.Library()
register.filter("typeset", typeset_html, is_safe=True)
