"""Two versions side by side: a page that one of them chose is named to who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from wagtail.admin.compare import ForeignObjectComparison, comparison_class_registry
from wagtail.models import AbstractPage

from .admin_reading import HIDDEN_TITLE, is_named_to_who_looks


@dataclass(frozen=True)
class _Hidden:
    """Stands for one page: two hidden pages are not the same because they are named alike."""

    pk: int

    def __str__(self) -> str:
        return HIDDEN_TITLE


class NamedPageComparison(ForeignObjectComparison):
    def get_objects(self) -> tuple[Any, Any]:
        first, second = (
            page if page is None or is_named_to_who_looks(page) else _Hidden(page.pk)
            for page in super().get_objects()
        )
        return first, second


def register() -> None:
    comparison_class_registry.register(models.ForeignKey, to=AbstractPage, value=NamedPageComparison)
