"""What a document is in Elasticsearch: analysers, mapping, and the way there and back.

The mapping is strict: a field that is not declared here is refused, never guessed. `_source` holds the
document and what is derived from it, so the audit can tell any change of either.
"""

from __future__ import annotations

import datetime
from typing import Any

from elasticsearch.dsl import Date, Index, Keyword, Long, Object, Text, analyzer, token_filter, tokenizer

from search.analysis import (
    LONGEST_WORD,
    SEARCHED,
    STOP_WORDS,
    label_keys,
    question_key,
    suggestion_keys,
)
from search.document import SearchDocument, canonical_hash
from search.facets import FACET_NAMES

_WORDS = tokenizer("words", "pattern", pattern=r"[^\p{L}\p{N}]+")
_FOLDING = [token_filter("no_long_word", "length", max=LONGEST_WORD), "lowercase", "asciifolding"]
_STOP = token_filter("no_stop_word", "stop", stopwords=sorted(STOP_WORDS))
_LIGHT = token_filter("light_stem", "stemmer", language="light_french")
_SNOWBALL = token_filter("snowball_stem", "stemmer", language="french")

STEMMED = "snowball"
"""The sub-field in which a word is counted."""

ANALYSERS = {
    "light": analyzer("light", tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _LIGHT]),
    "snowball": analyzer("snowball", tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _SNOWBALL]),
    "exact": analyzer("exact", tokenizer=_WORDS, filter=_FOLDING),
}
"""Light stems are a text's own field, the others its sub-fields: `title`, `title.snowball`, `title.exact`."""

FORMAT = 3
"""Raise it when the meaning of a field or key changes without a change of the mapping."""

LIVE_SETTINGS = {"refresh_interval": "1s", "gc_deletes": "1h"}
"""`gc_deletes`: how long a delete protects against a late older document."""

BUILDING_SETTINGS = {"refresh_interval": "-1", "gc_deletes": "48h"}
"""A rebuild may send its older reading of a document long after that document's delete."""


def texts(field: str) -> list[str]:
    """The field and its sub-fields."""
    return [field, *(f"{field}.{name}" for name in ANALYSERS if name != "light")]


def stems(field: str) -> list[str]:
    """Of them, those in which each found word is found too: an exact word has the same stems."""
    return [field, f"{field}.{STEMMED}"]


def _text() -> Text:
    # With offsets found words are marked without analysing the texts of a page of hits again: a quarter more on disk, a
    # third of the time of marking.
    held: dict[str, Any] = {"index_options": "offsets"}
    others = {name: Text(analyzer=ANALYSERS[name], **held) for name in ANALYSERS if name != "light"}
    return Text(analyzer=ANALYSERS["light"], fields=others, **held)


def _declared() -> dict[str, Any]:
    index = Index("any")
    mapping = index.get_or_create_mapping()
    mapping.meta("dynamic", "strict")
    mapping.field("id", Long())
    for field in SEARCHED:
        mapping.field(field, _text())
    mapping.field("title_key", Keyword())
    mapping.field("label_keys", Keyword())
    mapping.field("url", Keyword(index=False, doc_values=False))
    mapping.field("date", Date(format="strict_date"))
    mapping.field("readers", Keyword())
    mapping.field("suggest_title", Keyword(doc_values=False))
    mapping.field("suggest_label", Keyword())
    mapping.field("facets", Object(dynamic="strict", properties={name: Keyword() for name in FACET_NAMES}))
    # One shard, while the index is small: counts of values are then exact.
    index.settings(number_of_shards=1, auto_expand_replicas="0-1")
    # Words are marked by themselves; to run the whole question again over each hit took longer than the search.
    index.settings(**{"highlight.weight_matches_mode.enabled": False})
    return index.to_dict()


_DECLARED = _declared()

FINGERPRINT = canonical_hash([FORMAT, _DECLARED])[:12]
"""Stands in the index's own mapping: an index with another one is outdated."""


def new_index() -> dict[str, Any]:
    """Settings and mappings of a new index; `LIVE_SETTINGS` or `BUILDING_SETTINGS` come on top."""
    mappings = _DECLARED["mappings"] | {"_meta": {"schema": FINGERPRINT}}
    return {"settings": _DECLARED["settings"], "mappings": mappings}


def to_source(document: SearchDocument) -> dict[str, Any]:
    """The document as Elasticsearch stores it."""
    return {
        "id": document.id,
        "title": document.title,
        "summary": document.summary,
        "body": document.body,
        "labels": list(document.labels),
        "url": document.url,
        "date": document.date.isoformat(),
        "readers": list(document.readers),
        "facets": {name: list(values) for name, values in document.facets.items()},
        "title_key": question_key(document.title),
        "label_keys": [question_key(label) for label in document.labels],
        "suggest_title": list(suggestion_keys(document.title)),
        "suggest_label": label_keys(document.labels),
    }


def from_source(source: dict[str, Any]) -> SearchDocument:
    """The document again. Raises KeyError, IndexError, TypeError or ValueError on anything else."""
    facets = {name: tuple(values) for name, values in source["facets"].items()}
    return SearchDocument(
        id=source["id"],
        kind=facets["kind"][0],
        title=source["title"],
        summary=source["summary"],
        body=source["body"],
        labels=tuple(source["labels"]),
        url=source["url"],
        date=datetime.date.fromisoformat(source["date"]),
        readers=tuple(source["readers"]),
        facets=facets,
    )


def hash_of(source: dict[str, Any]) -> str:
    """The content hash of what is held: the document's own only if every field agrees with it."""
    try:
        document = from_source(source)
        if to_source(document) == source:
            return document.content_hash
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        pass
    return canonical_hash(source)
