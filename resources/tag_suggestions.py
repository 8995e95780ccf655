"""Suggestions of tags in the admin's forms: only those that a published item bears for this person.

Wagtail's own view knows every row, and drafts make rows. It is mounted behind this one and closed by the gate.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from kb.core.folding import fold
from kb.vocabulary.models import Tag

from .item import Item

LIMIT = 10


@require_admin_access
@require_safe
def tag_suggestions(request: HttpRequest, app_name: str = "", model_name: str = "") -> JsonResponse:
    """Tags that begin like `term`, whatever its accents and case."""
    begun = fold(request.GET.get("term", "")[:100])
    tags = Tag.objects.none()
    if begun:
        readable = Item.objects.readable_by(request.user).values("pk")
        tags = Tag.objects.filter(
            slug__startswith=begun, tagged_items__content_object__in=readable
        ).distinct()
    return JsonResponse(list(tags.order_by("name").values_list("name", flat=True)[:LIMIT]), safe=False)
