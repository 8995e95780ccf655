"""What completes what is typed, asked of Elasticsearch in one search. Pure: no server here.

Titles are nearly as many as documents, so the documents themselves are found, by prefix: counting the keys of all of
them took most of a second. Labels are few and borne by many, so their keys are counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from elasticsearch.dsl import A, Q, Search

from search.analysis import KEYS_A_LABEL, labels_of
from search.engines.base import Completions
from search.engines.elastic_query import NEWEST_FIRST, readable


def completing(typed: str, readers: Iterable[str], withheld: Collection[int], limit: int) -> Search:
    """`typed`: what a key must begin with, not empty."""
    titled, labelled = Q("prefix", suggest_title=typed), Q("prefix", suggest_label=typed)
    either = Q("bool", should=[titled, labelled], minimum_should_match=1)
    search = Search().query(Q("bool", filter=[Q(readable(readers, withheld)), either])).post_filter(titled)
    keys = A("terms", field="suggest_label", include=_beginning(typed), size=limit * KEYS_A_LABEL)
    search.aggs.bucket("labels", keys)
    return search.sort(*NEWEST_FIRST).source(["id", "title"]).extra(size=limit, track_total_hits=False)


def completions_in(answer: Mapping[str, Any], limit: int) -> Completions:
    """The answer to `completing`, as plain JSON."""
    held = [hit["_source"] for hit in answer["hits"]["hits"]]
    return Completions(
        titles={source["id"]: source["title"] for source in held},
        labels=labels_of((bucket["key"] for bucket in answer["aggregations"]["labels"]["buckets"]), limit),
    )


def _beginning(typed: str) -> str:
    """A Lucene expression for the keys that begin with what was typed, whose every sign is only itself."""
    return re.sub(r"([^\w ])", r"\\\1", typed) + ".*"
