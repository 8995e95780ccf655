"""The search room on a whole site: real database, real index."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

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


@pytest.fixture(params=ENGINES)
def any_engine(request: pytest.FixtureRequest, settings: LazySettings) -> Iterator[SearchEngine]:
    """The site on each engine in turn, with an empty index."""
    if request.param == "embedded":
        yield make_empty(get_engine())
        return
    settings.ELASTICSEARCH_URL = request.getfixturevalue("elasticsearch_url")
    settings.SEARCH_INDEX_PREFIX = f"vivier-test-{uuid.uuid4().hex[:12]}"
    yield make_empty(get_engine())
    with Elasticsearch(settings.ELASTICSEARCH_URL.split(",")) as client:
        names = list(client.indices.get(index=f"{settings.SEARCH_INDEX_PREFIX}*"))
        client.indices.delete(index=names)


def waiting() -> set[int]:
    """The items that the outbox holds."""
    return set(SearchChange.objects.values_list("item_id", flat=True))
