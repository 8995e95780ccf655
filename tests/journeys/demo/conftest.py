"""One demonstration site for each file of tests, instead of an empty database for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.demonstration import shared_folder

from .site import DemoSite, demo_site


@pytest.fixture(scope="module")
def site(one_database: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[DemoSite]:
    folder, shared = tmp_path_factory.mktemp("site"), shared_folder(tmp_path_factory)
    with demo_site(django_db_blocker, folder, shared) as served:
        yield served


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """The database is the site's for the whole file: pytest-django makes it, and neither rolls back nor flushes."""


@pytest.fixture(autouse=True)
def own_folders(site: DemoSite) -> None:
    """The site's, for every test of a file."""
