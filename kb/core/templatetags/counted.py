"""`{{ number|counted:"fiche" }}`: a number with its words, in French (Django's `pluralize` says « 0 fiches »)."""

from __future__ import annotations

from django import template

from kb.core.wording import counted

register = template.Library()
register.filter("counted", counted)
