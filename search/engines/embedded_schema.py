"""What a document is in the embedded index: its fields, its analysers, and the way there and back.

Each text of a document is stored by the field that is searched, so what the audit reads is what a search finds.
A deleted document leaves a tombstone: its id and version, with no reader, so that no search can meet it. It lies
in the index itself and so is committed, or lost, together with everything else.

tantivy has no light French stemmer: n-grams of letters make up for it.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Filter, Index, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search.analysis import (
    LONGEST_WORD,
    SEARCHED,
    STOP_WORDS,
    label_keys,
    question_key,
    suggestion_keys,
)
from search.document import LARGEST_ID, SearchDocument, canonical_hash
from search.facets import FACET_NAMES

STEMMED, EXACT, GRAMS = "french", "folded", "grams"
"""The analysers: `title` holds stems and is stored, `title_exact` holds the folded words."""

GRAMS_FIELD = "grams"
"""All texts of a document as n-grams of letters."""

GRAM = 4
"""Letters of an n-gram."""

GRAMS_WORTH = 0.3
"""What n-grams are worth: they order hits, they admit none."""


def exact(field: str) -> str:
    """The field that holds the whole words of `field`."""
    return f"{field}_exact"


def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name}"


def _folding() -> TextAnalyzerBuilder:
    simple = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    return simple.filter(Filter.lowercase()).filter(Filter.ascii_fold())


ANALYSERS: dict[str, TextAnalyzer] = {
    EXACT: _folding().build(),
    STEMMED: _folding()
    .filter(Filter.custom_stopword(sorted(STOP_WORDS)))
    .filter(Filter.stemmer("french"))
    .build(),
    # Over the spaces too: a gram that begins or ends with one says where a word begins or ends.
    GRAMS: TextAnalyzerBuilder(Tokenizer.ngram(GRAM, GRAM))
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .build(),
}


def _build_schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("version", stored=True, fast=True)
    builder.add_integer_field("deleted", indexed=True)
    builder.add_integer_field("day", stored=True)
    builder.add_integer_field("newest", fast=True)
    for field in SEARCHED:
        builder.add_text_field(field, stored=True, tokenizer_name=STEMMED, index_option="position")
        builder.add_text_field(exact(field), tokenizer_name=EXACT, index_option="freq")
    builder.add_text_field(GRAMS_FIELD, tokenizer_name=GRAMS, index_option="freq")
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("label_keys", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("url", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("readers", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("suggest_title", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("suggest_label", tokenizer_name="raw", index_option="basic")
    for name in FACET_NAMES:
        field = facet_field(name)
        builder.add_text_field(field, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _build_schema()

FORMAT = 5
"""Raise it when a field, an analyser or a key changes its meaning: every index is then outdated."""

FINGERPRINT = canonical_hash([FORMAT, list(SEARCHED), list(FACET_NAMES), sorted(STOP_WORDS)])[:12]
"""Stands in the name of an index: one with another fingerprint is outdated."""


def open_index(path: Path) -> Index:
    """The index in `path`, made when there is none. No thread watches it: the caller reloads it."""
    path.mkdir(parents=True, exist_ok=True)
    index = Index(SCHEMA, str(path))
    for name, analyser in ANALYSERS.items():
        index.register_tokenizer(name, analyser)
    index.config_reader("manual", 0)
    return index


def newest_key(day: int, item: int) -> int:
    """A number that is larger for a later day and, within a day, for a smaller id."""
    return day * (LARGEST_ID + 1) + LARGEST_ID - item


def day_of(key: int) -> int:
    """The day of such a number."""
    return key // (LARGEST_ID + 1)


def to_index(document: SearchDocument, version: int) -> Document:
    """The document with everything that is searched, sorted and counted."""
    stored = stored_fields(document, version)
    derived: dict[str, list[Any]] = {exact(field): stored.get(field, []) for field in SEARCHED}
    derived[GRAMS_FIELD] = [text for field in SEARCHED for text in stored.get(field, [])]
    derived["title_key"] = [question_key(document.title)]
    derived["label_keys"] = [question_key(label) for label in document.labels]
    derived["deleted"] = [0]
    derived["newest"] = [newest_key(document.date.toordinal(), document.id)]
    derived["suggest_title"] = list(suggestion_keys(document.title))
    derived["suggest_label"] = label_keys(document.labels)
    return Document.from_dict(stored | derived, SCHEMA)


def tombstone(item: int, version: int) -> Document:
    """What stands for a deleted document."""
    return Document.from_dict({"id": [item], "version": [version], "deleted": [1]}, SCHEMA)


def stored_fields(document: SearchDocument, version: int) -> dict[str, list[Any]]:
    """What the index gives back for this document, as `Document.to_dict()` shows it: no empty field."""
    fields: dict[str, list[Any]] = {
        "id": [document.id],
        "version": [version],
        "day": [document.date.toordinal()],
        "title": [document.title],
        "summary": [document.summary],
        "body": [document.body],
        "labels": list(document.labels),
        "url": [document.url],
        "readers": list(document.readers),
    }
    fields |= {facet_field(name): list(values) for name, values in document.facets.items()}
    return {name: values for name, values in fields.items() if values}


def from_index(held: dict[str, list[Any]]) -> SearchDocument:
    """The document again. Raises KeyError, IndexError or ValueError when the index holds something else."""
    facets = {name: tuple(held[facet_field(name)]) for name in FACET_NAMES if facet_field(name) in held}
    return SearchDocument(
        id=held["id"][0],
        kind=facets["kind"][0],
        title=held["title"][0],
        summary=held["summary"][0],
        body=held["body"][0],
        labels=tuple(held.get("labels", ())),
        url=held["url"][0],
        date=datetime.date.fromordinal(held["day"][0]),
        readers=tuple(held["readers"]),
        facets=facets,
    )


def hash_of(held: dict[str, list[Any]]) -> str:
    """The content hash of what is held: the document's own only if every stored field agrees with it."""
    try:
        document = from_index(held)
        if stored_fields(document, held["version"][0]) == held:
            return document.content_hash
    except (KeyError, IndexError, TypeError, ValueError):
        pass
    return canonical_hash(held)
