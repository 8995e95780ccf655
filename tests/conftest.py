"""The floor of every test: real database, folders of its own, warnings as errors, nothing shared between processes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from .strict_templates import strict_templates


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="DIR", help="draw what the browser tests see (tests/journeys)")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last: Playwright leaves an event loop in the thread (tests/journeys/conftest.py)."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    """What Django and Wagtail loaded stays to the end: no collection looks at it again (7 % of a run).

    Nor is there one every 700 objects: requests leave few cycles, memory is plenty (7 % more).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Files, index and locks of one test are seen by no other."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.LOCK_DIR = tmp_path / "locks"


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_fail() -> Iterator[None]:
    with strict_templates():
        yield


@pytest.fixture
def client_of(client: Any) -> Any:
    """`client_of(user)`: a client signed in as `user` (None: nobody)."""
    from django.test import Client

    def make(user: Any = None) -> Client:
        made = Client()
        if user is not None:
            made.force_login(user)
        return made

    return make


@pytest.fixture
def people(db: None) -> Any:
    from .people import make_people

    return make_people()
