"""The search room on a whole site: real database, real index."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from elasticsearch import Elasticsearch

from search.engines import get_engine
from search.engines.base import SearchEngine
from search.models import SearchChange

from .engines.samples import make_empty

ENGINES = ("embedded", "elasticsearch")


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """A real server: a test that needs one fails without it."""
    url = os.environ.get("VIVIER_TEST_ELASTICSEARCH_URL", "")
    if not url:
        pytest.fail(
            "VIVIER_TEST_ELASTICSEARCH_URL is not set: start a server with scripts/elasticsearch start"
        )
    return url


@pytest.fixture
def index() -> SearchEngine:
    """The embedded engine of the site, empty."""
    return make_empty(get_engine())


@pytest.fixture
def on_engine(
    request: pytest.FixtureRequest, settings: LazySettings
) -> Iterator[Callable[[str], SearchEngine]]:
    """`on_engine(name)`: from here on the site is on this engine, with an empty index."""
    prefix = ""

    def use(name: str) -> SearchEngine:
        nonlocal prefix
        if name == "elasticsearch":
            settings.ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url")
            prefix = settings.SEARCH_INDEX_PREFIX = prefix or f"vivier-test-{uuid.uuid4().hex[:12]}"
        else:
            settings.ELASTICSEARCH_URL = ""
        return make_empty(get_engine())

    yield use
    if prefix:
        with Elasticsearch(request.getfixturevalue("elasticsearch_url").split(",")) as client:
            names = list(client.indices.get(index=f"{prefix}*"))
            client.indices.delete(index=names)


@pytest.fixture(params=ENGINES)
def any_engine(request: pytest.FixtureRequest, on_engine: Callable[[str], SearchEngine]) -> SearchEngine:
    """The site on each engine in turn."""
    return on_engine(request.param)


def waiting() -> set[int]:
    """The items that the outbox holds."""
    return set(SearchChange.objects.values_list("item_id", flat=True))
