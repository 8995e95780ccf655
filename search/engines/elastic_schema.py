"""What a document is in Elasticsearch: analysers, mapping, and the way there and back.

The mapping is strict: a field that is not declared here is refused, never guessed. `_source` holds the
document and what is derived from it, so the audit can tell any change of either.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch.dsl import Date, Index, Keyword, Long, Object, Text, analyzer, token_filter, tokenizer

from search.analysis import (
    LONGEST_WORD,
    SEARCHED,
    SEPARATOR,
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

_SIGN = token_filter("sign", "pattern_replace", pattern="^", replacement="=")
_BOTH = token_filter(
    "both_stems", "multiplexer", filters=[[_LIGHT], [_SNOWBALL, _SIGN]], preserve_original=False
)

STEMMED, EXACT = "snowball", "exact"
"""Sub-fields of each text: light stems are the text's own."""

ANALYSERS = {
    "light": analyzer("light", tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _LIGHT]),
    STEMMED: analyzer(STEMMED, tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _SNOWBALL]),
    EXACT: analyzer(EXACT, tokenizer=_WORDS, filter=_FOLDING),
    "both": analyzer("both", tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _BOTH]),
    "signed": analyzer("signed", tokenizer=_WORDS, filter=[*_FOLDING, _STOP, _SNOWBALL, _SIGN]),
}
"""« both »: the two stems of each word in its place, the Snowball stem with a sign: it is no light stem."""

HELD = "held"
"""All searched texts once more, as one and with both stems: whether a word stands anywhere in a document is asked of
one field, not of each. A phrase never runs from one text into the next."""

CARD = "card"
"""Title and summary as one text, `SEPARATOR` between them: words are marked text by text, and each costs its time."""

MARKED = "marked"
"""The sub-field of a body in which found words are marked: with both stems and where each word stands, so that a page
of hits is not analysed again."""

FACET_VALUES = "facet_values"
"""The values of all facets, each after its facet's name: to count them costs half of counting each facet."""

FORMAT = 4
"""Raise it when the meaning of a field or key changes without a change of the mapping."""

LIVE_SETTINGS = {"refresh_interval": "1s", "gc_deletes": "1h"}
"""`gc_deletes`: how long a delete protects against a late older document."""

BUILDING_SETTINGS = {"refresh_interval": "-1", "gc_deletes": "48h"}
"""A rebuild may send its older reading of a document long after that document's delete."""


def texts(field: str) -> list[str]:
    """Those in which a word scores."""
    return [field, f"{field}.{STEMMED}", f"{field}.{EXACT}"]


def _text(**others: Text) -> Text:
    # Phrases are looked for among light stems alone, so they alone keep their places.
    others |= {name: Text(analyzer=ANALYSERS[name], index_options="freqs") for name in (STEMMED, EXACT)}
    return Text(analyzer=ANALYSERS["light"], fields=others, copy_to=HELD)


def _marked(**others: Any) -> Text:
    return Text(analyzer=ANALYSERS["both"], index_options="offsets", norms=False, **others)


def _declared() -> dict[str, Any]:
    index = Index("any")
    mapping = index.get_or_create_mapping()
    mapping.meta("dynamic", "strict")
    mapping.field("id", Long())
    for field in SEARCHED:
        mapping.field(field, _text(**{MARKED: _marked()}) if field == "body" else _text())
    # What is only asked whether it is there needs no lengths. Questions are analysed as « signed » too.
    mapping.field(HELD, Text(analyzer=ANALYSERS["both"], norms=False))
    card_words = Text(analyzer=ANALYSERS[EXACT], index_options="docs", norms=False)
    mapping.field(CARD, _marked(fields={EXACT: card_words}))
    mapping.field("title_key", Keyword())
    mapping.field("label_keys", Keyword())
    mapping.field("url", Keyword(index=False, doc_values=False))
    mapping.field("date", Date(format="strict_date"))
    mapping.field("readers", Keyword())
    mapping.field("suggest_title", Keyword(doc_values=False))
    mapping.field("suggest_label", Keyword())
    mapping.field("facets", Object(dynamic="strict", properties={name: Keyword() for name in FACET_NAMES}))
    mapping.field(FACET_VALUES, Keyword())
    # One shard, while the index is small: counts of values are then exact.
    index.settings(number_of_shards=1, auto_expand_replicas="0-1")
    # Words are marked by themselves; to run the whole question again over each hit took longer than the search.
    index.settings(**{"highlight.weight_matches_mode.enabled": False})
    index.analyzer(ANALYSERS["signed"])  # of no field: questions alone
    return index.to_dict()


_DECLARED = _declared()

FINGERPRINT = canonical_hash([FORMAT, _DECLARED])[:12]
"""Stands in the index's own mapping: an index with another one is outdated."""


def new_index() -> dict[str, Any]:
    """Settings and mappings of a new index; `LIVE_SETTINGS` or `BUILDING_SETTINGS` come on top."""
    mappings = _DECLARED["mappings"] | {"_meta": {"schema": FINGERPRINT}}
    return {"settings": _DECLARED["settings"], "mappings": mappings}


def facet_values(facets: Mapping[str, Iterable[str]]) -> list[str]:
    """Each value after its facet's name and a separator that no value has."""
    return [f"{name}{SEPARATOR}{value}" for name, values in facets.items() for value in values]


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
        CARD: f"{document.title}{SEPARATOR}{document.summary}",
        FACET_VALUES: facet_values(document.facets),
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
