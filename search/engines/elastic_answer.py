"""The answers to the searches of `search.engines.elastic_query`, as plain JSON in, `SearchResults` out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from search.analysis import SEPARATOR
from search.document import KINDS
from search.engines.elastic_query import FREE, weighed_first
from search.engines.elastic_schema import CARD
from search.engines.highlighting import fragment, marked_segments, snippet
from search.engines.ranking import freshest
from search.facets import FACET_NAMES
from search.request import SearchRequest
from search.results import Hit, SearchResults

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAY = 86_400_000


def best_ids(request: SearchRequest, answer: Mapping[str, Any]) -> list[int]:
    """The ids in the answer to `best_of`, the page's alone, or to `all_best_of`, in the order of the request."""
    found = [hit["sort"] for hit in answer.get("hits", {}).get("hits", ())]
    first = weighed_first(request)
    if first <= request.offset:
        return [int(by[-1]) for by in found]
    return freshest([(score, _EPOCH + date // _DAY, int(item)) for score, date, item in found], first)


def results_of(counted: Mapping[str, Any], hits: Iterable[Mapping[str, Any]]) -> SearchResults:
    """From the answer to `counted_of` and the hits, in their order, of that to `shown_of`."""
    facets: dict[str, dict[str, int]] = {name: {} for name in FACET_NAMES}
    groups = dict(counted["aggregations"])
    for value, count in _counts(groups.pop(FREE)):
        name, _, value = value.partition(SEPARATOR)
        if name not in groups:
            facets[name][value] = count
    facets |= {name: dict(_counts(group)) for name, group in groups.items()}
    return SearchResults(
        count=counted["hits"]["total"]["value"],
        hits=tuple(_hit(hit["_source"], hit.get("highlight", {})) for hit in hits),
        facets=facets,
    )


def _counts(group: Mapping[str, Any]) -> list[tuple[str, int]]:
    """As the server orders them: most first, then by value."""
    buckets = (group if "buckets" in group else group["values"])["buckets"]
    return [(bucket["key"], bucket["doc_count"]) for bucket in buckets]


def _hit(source: Mapping[str, Any], highlight: Mapping[str, list[str]]) -> Hit:
    title, summary, kind = source["title"], source["summary"], source["facets"]["kind"][0]
    if kind not in KINDS:
        raise ValueError(f"unknown kind: {kind!r}")
    marked = {name.partition(".")[0]: texts[0] for name, texts in highlight.items()}
    title_marked, _, summary_marked = marked.get(CARD, f"{title}{SEPARATOR}{summary}").partition(SEPARATOR)
    return Hit(
        id=source["id"],
        kind=kind,
        title=title,
        summary=summary,
        url=source["url"],
        date=datetime.date.fromisoformat(source["date"]),
        title_segments=marked_segments(title_marked),
        snippet=snippet(marked_segments(summary_marked), fragment(marked_segments(marked.get("body", "")))),
    )
