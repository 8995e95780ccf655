"""What completes what is typed, from one view of the embedded index.

Titles are nearly as many as documents, so the documents themselves are found, the newest ones; labels are few and
borne by many, so their keys are counted.
"""

from __future__ import annotations

import re

from tantivy import Occur, Order, Query, Searcher

from search.analysis import KEYS_A_LABEL, labels_of
from search.engines.base import Completions
from search.engines.embedded_schema import SCHEMA


def completions(searcher: Searcher, typed: str, allowed: Query, limit: int) -> Completions:
    """`typed`: what a key must begin with, not empty."""
    titled = Query.regex_query(SCHEMA, "suggest_title", f"{_escaped(typed)}.*")
    found = Query.boolean_query([(Occur.Must, allowed), (Occur.Must, titled)])
    newest = searcher.search(found, limit, False, "newest", 0, Order.Desc).hits
    held = [searcher.doc(address).to_dict() for _, address in newest]
    keys = searcher.terms_with_prefix("suggest_label", typed, allowed, limit * KEYS_A_LABEL)
    return Completions(
        titles={fields["id"][0]: fields["title"][0] for fields in held},
        labels=labels_of((key for key, _ in keys), limit),
    )


def _escaped(typed: str) -> str:
    """Whose every sign is only itself."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&~-])", r"\\\1", typed)
