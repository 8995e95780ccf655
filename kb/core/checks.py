"""The project's own conventions, as system checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.blocks import BaseStructBlock, ListBlock, RichTextBlock, StreamBlock
from wagtail.blocks.base import Block
from wagtail.fields import RichTextField, StreamField
from wagtail.models import get_page_models

from .blocks import CleanRichTextBlock
from .fields import CleanRichTextField, CleanStreamField

OUR_APPS = ("kb.", "resources", "search")


@register()
def page_types_keep_the_rules(**kwargs: Any) -> list[CheckMessage]:
    """Every page type of ours switches Wagtail's privacy off and hangs what it holds on the revision."""
    found: list[CheckMessage] = []
    for model in get_page_models():
        if not apps.get_app_config(model._meta.app_label).name.startswith(OUR_APPS):
            continue
        if model.private_page_options:
            found.append(
                Error(
                    f"{model.__name__} offers Wagtail's page privacy.",
                    hint="Inherit kb.core.pages.BasePage: visibility is the only rule.",
                    obj=model,
                    id="vivier.E001",
                )
            )
        found += [
            Error(
                f"{model.__name__}.{field.name} is a plain ManyToManyField: a draft would change the public page.",
                hint="Use ParentalManyToManyField.",
                obj=model,
                id="vivier.E002",
            )
            for field in model._meta.local_many_to_many
            if isinstance(field, models.ManyToManyField) and not isinstance(field, ParentalManyToManyField)
        ]
    return found


def _our_fields() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models():
        if apps.get_app_config(model._meta.app_label).name.startswith(OUR_APPS):
            yield from ((model, field) for field in model._meta.local_fields)


@register()
def rich_text_is_cleaned(**kwargs: Any) -> list[CheckMessage]:
    """Every rich text of ours goes through the one module that cleans HTML, whatever model it stands in."""
    return [
        Error(
            f"{model.__name__}.{field.name} is Wagtail's own rich text: what code or a draft puts in is not cleaned.",
            hint="Use kb.core.fields.CleanRichTextField.",
            obj=model,
            id="vivier.E003",
        )
        for model, field in _our_fields()
        if isinstance(field, RichTextField) and not isinstance(field, CleanRichTextField)
    ]


@register()
def streams_are_cleaned(**kwargs: Any) -> list[CheckMessage]:
    """Every stream of ours is a `CleanStreamField`, and every rich text in it a `CleanRichTextBlock`."""
    return [
        Error(
            f"{model.__name__}.{field.name} holds rich text that is not cleaned when it is written.",
            hint="Use kb.core.fields.CleanStreamField and kb.core.blocks.CleanRichTextBlock.",
            obj=model,
            id="vivier.E004",
        )
        for model, field in _our_fields()
        if isinstance(field, StreamField)
        and (not isinstance(field, CleanStreamField) or _holds_raw_text(field.stream_block))
    ]


def _holds_raw_text(block: Block) -> bool:
    if isinstance(block, RichTextBlock):
        return not isinstance(block, CleanRichTextBlock)
    if isinstance(block, ListBlock):
        return _holds_raw_text(block.child_block)
    if isinstance(block, (BaseStructBlock, StreamBlock)):
        return any(_holds_raw_text(child) for child in block.child_blocks.values())
    return False
