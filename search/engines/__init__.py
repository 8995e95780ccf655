"""The engines, and which one this process uses."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.engines.base import EngineStatus, EngineUnavailable, SearchEngine
from search.engines.breaker import Breaker
from search.engines.outages import Announcement, Outage, outages

ENGINES = ("embedded", "elasticsearch")


def get_engine() -> SearchEngine:
    """The engine that the settings name: Elasticsearch when `ELASTICSEARCH_URL` is set, else embedded.

    One a process, with its breaker: sockets are not shared with the children of a server that forks. Raises
    EngineUnavailable when the address cannot be one: a slip of the pen is answered like a server that is down.
    """
    return _engine_of(
        settings.ELASTICSEARCH_URL, Path(settings.SEARCH_INDEX_DIR), settings.SEARCH_INDEX_PREFIX, os.getpid()
    )


def engine_outages() -> list[Outage]:
    """The processes of this machine that leave the engine alone just now, whoever asks."""
    return outages(Path(settings.LOCK_DIR))


def engine_status() -> EngineStatus:
    """How the engine of the settings is. Never raises `EngineUnavailable`."""
    try:
        return get_engine().status()
    except EngineUnavailable as error:
        return EngineStatus(False, "missing", 0, error.reason)


@contextmanager
def scratch_engine(name: str | None = None) -> Iterator[SearchEngine]:
    """An engine with indexes of its own, which are gone afterwards; without a name, the kind that the site uses.

    Raises EngineUnavailable when Elasticsearch is asked for and no address of one is set.
    """
    name = name or ("elasticsearch" if settings.ELASTICSEARCH_URL else "embedded")
    if name == "elasticsearch":
        if not settings.ELASTICSEARCH_URL:
            raise EngineUnavailable("Donnez l’adresse du serveur dans ELASTICSEARCH_URL.")
        prefix = f"{settings.SEARCH_INDEX_PREFIX}-scratch-{uuid.uuid4().hex[:12]}"
        engine = _engine_of(settings.ELASTICSEARCH_URL, Path(settings.SEARCH_INDEX_DIR), prefix, os.getpid())
        try:
            yield engine
        finally:
            engine.drop()
    else:
        with tempfile.TemporaryDirectory(prefix="vivier-scratch-") as folder:
            yield _engine_of("", Path(folder), "", os.getpid())


@lru_cache(maxsize=4)
def _engine_of(url: str, folder: Path, prefix: str, process: int) -> SearchEngine:
    # Imported here so that a process loads the library of the engine that it uses, and no other.
    if url:
        from search.engines.elastic import ElasticEngine
        from search.engines.guarded import GuardedEngine

        announcement = Announcement(Path(settings.LOCK_DIR))
        try:
            return GuardedEngine(ElasticEngine(url, prefix), Breaker(told=announcement))
        except ValueError:
            # The address itself is not repeated: it may hold a password.
            raise EngineUnavailable(
                "ELASTICSEARCH_URL n’est pas une adresse lisible : écrivez par exemple http://127.0.0.1:9200."
            ) from None
    # Without a breaker: no server, nobody to wait for. A damaged index is known at once.
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(folder)
