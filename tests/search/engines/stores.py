"""Where an engine of the tests keeps its indexes: opened by any process, changed behind its back."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch

from search.document import SearchDocument
from search.engines import embedded_schema
from search.engines.base import SearchEngine
from search.engines.elastic import ElasticEngine
from search.engines.embedded import EmbeddedEngine
from search.engines.index_folder import IndexFolder


@dataclass(frozen=True)
class EmbeddedStore:
    """A folder."""

    folder: Path

    def open(self) -> SearchEngine:
        """What another process would have."""
        return EmbeddedEngine(self.folder)

    def live_folder(self) -> Path:
        """Where the live index lies."""
        return self.folder / str(IndexFolder(self.folder).indexes().live)

    def indexes(self) -> set[str]:
        """Every index that takes up room."""
        return {path.name for path in self.folder.glob("index-*")}

    def put(self, document: SearchDocument, version: int) -> None:
        """Replace a document without asking the engine."""
        self._change(document.id, document, version)

    def remove(self, item: int) -> None:
        """Take a document out without asking the engine."""
        self._change(item, None, 0)

    def _change(self, item: int, document: SearchDocument | None, version: int) -> None:
        writer = embedded_schema.open_index(self.live_folder()).writer(15_000_000, 1)
        writer.delete_documents_by_term("id", item)
        if document is not None:
            writer.add_document(embedded_schema.to_index(document, version))
        writer.commit()
        writer.wait_merging_threads()

    def lose(self) -> None:
        """Somebody removes the folder."""
        shutil.rmtree(self.folder)

    def drop(self) -> None:
        """pytest removes the folder."""


@dataclass(frozen=True)
class ElasticStore:
    """A prefix on a server."""

    url: str
    prefix: str

    def open(self) -> SearchEngine:
        """What another process would have."""
        return ElasticEngine(self.url, self.prefix)

    def client(self) -> Elasticsearch:
        """For what no engine does; to be closed."""
        return Elasticsearch(self.url.split(","))

    def indexes(self) -> set[str]:
        """Every index that takes up room."""
        with self.client() as client:
            return set(client.indices.get(index=f"{self.prefix}-*", features=["aliases"]).body)

    def put(self, document: SearchDocument, version: int) -> None:
        """Change the title of a document without asking the engine."""
        with self.client() as client:
            live, item = f"{self.prefix}-live", str(document.id)
            client.update(index=live, id=item, doc={"title": document.title}, refresh=True)

    def remove(self, item: int) -> None:
        """Take a document out without asking the engine."""
        with self.client() as client:
            client.delete(index=f"{self.prefix}-live", id=str(item), refresh=True)

    def lose(self) -> None:
        """Somebody empties the server."""
        self.drop()

    def drop(self) -> None:
        """Take everything off the server."""
        with self.client() as client:
            for index in self.indexes():
                client.indices.delete(index=index)


Store = EmbeddedStore | ElasticStore
