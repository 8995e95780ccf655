"""The engines, and which one this process uses."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import SearchEngine


def get_engine() -> SearchEngine:
    """The engine that the settings name: Elasticsearch when `ELASTICSEARCH_URL` is set, else embedded.

    One a process: sockets are not shared with the children of a server that forks. Raises ImproperlyConfigured
    when the address cannot be one.
    """
    return _engine_of(
        settings.ELASTICSEARCH_URL, Path(settings.SEARCH_INDEX_DIR), settings.SEARCH_INDEX_PREFIX, os.getpid()
    )


@lru_cache(maxsize=4)
def _engine_of(url: str, folder: Path, prefix: str, process: int) -> SearchEngine:
    # Imported here so that a process loads the library of the engine that it uses, and no other.
    if url:
        from search.engines.elastic import ElasticEngine

        try:
            return ElasticEngine(url, prefix)
        except ValueError:
            # The address itself is not repeated: it may hold a password.
            raise ImproperlyConfigured(
                "ELASTICSEARCH_URL n’est pas une adresse lisible : écrivez par exemple http://127.0.0.1:9200."
            ) from None
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(folder)
