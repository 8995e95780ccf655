"""The project's own conventions, broken on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps
from modelcluster.fields import ParentalManyToManyField
from wagtail.blocks import ListBlock, RichTextBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.models.pages import PAGE_MODEL_CLASSES

from kb.core.blocks import CleanRichTextBlock
from kb.core.checks import page_types_keep_the_rules, rich_text_is_cleaned, streams_are_cleaned
from kb.core.fields import CleanRichTextField, CleanStreamField
from kb.core.pages import BasePage


@pytest.fixture(autouse=True)
def no_page_type_stays() -> Iterator[None]:
    known = list(PAGE_MODEL_CLASSES)
    yield
    PAGE_MODEL_CLASSES[:] = known


def found() -> list[tuple[str | None, Any]]:
    return [(message.id, message.obj) for message in page_types_keep_the_rules()]


def test_our_own_page_types_keep_the_rules() -> None:
    assert found() == []
    assert [message for message in run_checks() if (message.id or "").startswith("vivier.")] == []


@isolate_apps("resources")
def test_a_page_type_with_wagtails_privacy_is_found() -> None:
    class Open(Page):
        class Meta:
            app_label = "resources"

    assert found() == [("vivier.E001", Open)]


@isolate_apps("resources")
def test_a_plain_many_to_many_field_is_found() -> None:
    class Plain(BasePage):
        groups = models.ManyToManyField(Group, related_name="+")

        class Meta:
            app_label = "resources"

    ((number, field_owner),) = found()
    assert (number, field_owner) == ("vivier.E002", Plain)
    assert "ParentalManyToManyField" in str(page_types_keep_the_rules()[0].hint)


@isolate_apps("resources")
def test_a_rich_text_that_nobody_cleans_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Told(models.Model):  # noqa: DJ008 - nobody reads it
        raw = RichTextField()
        good = CleanRichTextField()

        class Meta:
            app_label = "resources"

    monkeypatch.setattr(apps, "get_models", lambda: [Told])
    assert [(error.id, error.obj, "raw" in error.msg) for error in rich_text_is_cleaned()] == [
        ("vivier.E003", Told, True)
    ]


@isolate_apps("resources")
def test_a_page_type_that_keeps_them_is_not() -> None:
    class Good(BasePage):
        groups = ParentalManyToManyField(Group, related_name="+")
        private_page_options: ClassVar[list[str]] = []

        class Meta:
            app_label = "resources"

    assert Good in PAGE_MODEL_CLASSES
    assert found() == []


@isolate_apps("resources")
def test_a_stream_that_is_not_cleaned_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(models.Model):
        wagtail = StreamField([("text", CleanRichTextBlock())])
        deep = CleanStreamField([("list", ListBlock(StructBlock([("text", RichTextBlock())])))])
        good = CleanStreamField([("list", ListBlock(StructBlock([("text", CleanRichTextBlock())])))])

        class Meta:
            app_label = "resources"

        def __str__(self) -> str:
            return ""

    monkeypatch.setattr(apps, "get_models", lambda: [Stream])
    assert [error.msg.split()[0] for error in streams_are_cleaned()] == ["Stream.wagtail", "Stream.deep"]
