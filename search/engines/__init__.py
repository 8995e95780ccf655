"""The engines, and which one this process uses."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.engines.base import EngineStatus, EngineUnavailable, SearchEngine


def get_engine() -> SearchEngine:
    """The engine that the settings name: Elasticsearch when `ELASTICSEARCH_URL` is set, else embedded.

    One a process: sockets are not shared with the children of a server that forks. Raises EngineUnavailable when
    the address cannot be one: a slip of the pen is answered like a server that is down.
    """
    return _engine_of(
        settings.ELASTICSEARCH_URL, Path(settings.SEARCH_INDEX_DIR), settings.SEARCH_INDEX_PREFIX, os.getpid()
    )


def engine_status() -> EngineStatus:
    """How the engine of the settings is. Never raises `EngineUnavailable`."""
    try:
        return get_engine().status()
    except EngineUnavailable as error:
        return EngineStatus(False, "missing", 0, error.reason)


@lru_cache(maxsize=4)
def _engine_of(url: str, folder: Path, prefix: str, process: int) -> SearchEngine:
    # Imported here so that a process loads the library of the engine that it uses, and no other.
    if url:
        from search.engines.elastic import ElasticEngine

        try:
            return ElasticEngine(url, prefix)
        except ValueError:
            # The address itself is not repeated: it may hold a password.
            raise EngineUnavailable(
                "ELASTICSEARCH_URL n’est pas une adresse lisible : écrivez par exemple http://127.0.0.1:9200."
            ) from None
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(folder)
