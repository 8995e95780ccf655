"""Which Elasticsearch index is live, previous or being built: three aliases, moved in one call.

An index has a name of its own, never used again; `<prefix>-live`, `<prefix>-previous` and `<prefix>-building`
say what it is. Nothing is ever written to an alias that does not stand, so the server makes none by itself.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from search.engines import elastic_schema as schema
from search.engines.base import EngineUnavailable


@dataclass(frozen=True)
class Role:
    """The index behind an alias, and the schema that it was made with."""

    index: str
    schema: str

    @property
    def is_current(self) -> bool:
        """Made with the schema of this code."""
        return self.schema == schema.FINGERPRINT


class ElasticIndexes:
    """The indexes of one prefix."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client = client
        self.live, self.previous, self.building = (
            f"{prefix}-{role}" for role in ("live", "previous", "building")
        )
        self._stem = f"{prefix}-index-"

    def roles(self) -> dict[str, Role]:
        """Each alias that stands, with its index. Raises `EngineUnavailable` when one stands on two."""
        aliases = (self.live, self.previous, self.building)
        found = self._client.indices.get(
            index=list(aliases), features=["aliases", "mappings"], ignore_unavailable=True
        )
        roles: dict[str, Role] = {}
        for index, description in found.body.items():
            fingerprint = description.get("mappings", {}).get("_meta", {}).get("schema", "")
            for alias in description.get("aliases", {}):
                if alias in roles:
                    raise EngineUnavailable(
                        f"L’alias {alias} désigne plusieurs index : il faut reconstruire."
                    )
                roles[alias] = Role(index, fingerprint)
        return roles

    def start_building(self) -> str:
        """Drop what is neither live nor previous, and make an empty index to build. Returns its name."""
        found = self._client.indices.get_alias(index=f"{self._stem}*")
        kept = {self.live, self.previous}
        self._delete([index for index, held in found.body.items() if not kept & set(held["aliases"])])
        index = self._new_name()
        self._create(index, self.building, schema.BUILDING_SETTINGS)
        return index

    def put_live(self, index: str) -> None:
        """One call moves every alias; the index that was the previous one is dropped afterwards."""
        self._client.indices.put_settings(index=index, settings=schema.LIVE_SETTINGS)
        roles = self.roles()
        moves = [("remove", self.building, index), ("add", self.live, index)]
        if old := roles.get(self.live):
            moves += [("remove", self.live, old.index), ("add", self.previous, old.index)]
        if older := roles.get(self.previous):
            moves.append(("remove", self.previous, older.index))
        self._client.indices.update_aliases(
            actions=[{move: {"index": name, "alias": alias}} for move, alias, name in moves]
        )
        self._delete([older.index] if older else [])

    def drop_building(self, only: str | None) -> None:
        """Drop what is being built; only the index of that name, when one is given."""
        found = self._client.indices.get(index=self.building, features=["aliases"], ignore_unavailable=True)
        self._delete([index for index in found.body if only in (None, index)])

    def drop_all(self) -> None:
        """Drop every index of this prefix, whatever it is."""
        self._delete(list(self._client.indices.get_alias(index=f"{self._stem}*").body))

    def _create(self, index: str, alias: str, settings: dict[str, str]) -> None:
        declared = schema.new_index()
        self._client.indices.create(
            index=index,
            settings=declared["settings"] | settings,
            mappings=declared["mappings"],
            aliases={alias: {}},
        )

    def _delete(self, indexes: list[str]) -> None:
        if indexes:
            self._client.indices.delete(index=indexes, ignore_unavailable=True)

    def _new_name(self) -> str:
        now = datetime.datetime.now(datetime.UTC)
        return f"{self._stem}{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
