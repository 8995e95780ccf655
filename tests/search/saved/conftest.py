"""A mailbox, an engine that fails, a mail program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.mailbox import Mailbox, smtp_server


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    settings.WAGTAILADMIN_BASE_URL = "https://vivier.example"
    with smtp_server(settings) as mailbox:
        yield mailbox


@pytest.fixture
def break_engine(settings: LazySettings, tmp_path: Path) -> Callable[[bool], None]:
    """`break_engine(True)`: no engine answers; `break_engine(False)`: it does again."""
    sound = settings.SEARCH_INDEX_DIR

    def change(broken: bool) -> None:
        (tmp_path / "file").touch()
        settings.SEARCH_INDEX_DIR = tmp_path / "file" if broken else sound

    return change


@pytest.fixture
def stranger() -> Client:
    """A mail program: no session, no cookie, no token of a form."""
    return Client(enforce_csrf_checks=True)
