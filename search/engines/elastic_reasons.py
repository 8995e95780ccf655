"""Why documents answer: the same query as the search's, taken apart. Pure: no server here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import Q, Search

from search.analysis import SEARCHED, question_key
from search.engines.base import Explanation, Reason
from search.engines.elastic_query import found, is_ranked, readable, scored
from search.engines.elastic_schema import texts
from search.engines.ranking import COMMON, SYNONYM, freshness, today
from search.request import SearchRequest

_BETWEEN = "\x1f"


def explained(request: SearchRequest, items: Sequence[int], readers: Iterable[str]) -> Search:
    """The search itself, of these documents, with the scores of their texts."""
    query = scored(request, [readable(readers)]) if is_ranked(request) else found(request, readers)
    return _of(Search().query(Q(query)), items).source(["date", "title", "label_keys"])


def _of(search: Search, items: Sequence[int]) -> Search:
    return search.filter("terms", id=list(items)).extra(size=len(items))


def reasons(request: SearchRequest, items: Sequence[int]) -> Search:
    """Each word in each field by itself: a named query a pair, whose scores the server tells."""
    pairs = []
    for need in request.understood.needs:
        worth = COMMON if need.is_common else 1.0
        for word in need.words:
            pairs += [(word, field, word, "best", worth) for field in SEARCHED]
        for wording in need.others:
            shown = " ".join(wording)
            how = "phrase" if len(wording) > 1 else "best"
            pairs += [(shown, field, shown, how, SYNONYM * worth) for field in SEARCHED]
    queries = [
        Q(
            "multi_match",
            query=text,
            type="phrase" if how == "phrase" else "most_fields",
            fields=[field] if how == "phrase" else texts(field),
            boost=SEARCHED[field] * boost,
            _name=f"{shown}{_BETWEEN}{field}",
        )
        for shown, field, text, how, boost in pairs
    ]
    return _of(Search().query(Q("bool", should=queries)), items).source(False)


def explanations_of(
    request: SearchRequest, whole: Mapping[str, Any], parts: Mapping[str, Any]
) -> dict[int, Explanation]:
    """From both answers."""
    named = {hit["_id"]: hit.get("matched_queries", {}) for hit in parts["hits"]["hits"]}
    return {
        int(hit["_id"]): _explanation(request, hit, named.get(hit["_id"], {}))
        for hit in whole["hits"]["hits"]
    }


def _explanation(request: SearchRequest, hit: Mapping[str, Any], named: Mapping[str, float]) -> Explanation:
    day = datetime.date.fromisoformat(hit["_source"]["date"]).toordinal()
    pairs = ((name.partition(_BETWEEN), score) for name, score in named.items() if score > 0)
    fresh = 1.0 if request.text_alone or not request.is_ranked else freshness(day, today())
    told = (Reason(word, field, score) for (word, _, field), score in pairs)
    return Explanation(
        score=float(hit["_score"]) * fresh,
        freshness=fresh,
        reasons=tuple(sorted(told, key=lambda reason: (-reason.score, reason.word, reason.field))),
        is_title=request.understood.key == question_key(hit["_source"]["title"]),
        is_label=request.understood.key in hit["_source"]["label_keys"],
    )
