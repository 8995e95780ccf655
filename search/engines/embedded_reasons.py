"""Beside the hits: what a misspelt word could be, what is like a document, and why one answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import DocAddress, Occur, Query, Searcher

from search.analysis import MOST_CANDIDATES, SEARCHED, most_slips, question_key
from search.engines.base import Explanation, Reason
from search.engines.embedded_query import (
    any_of,
    matching,
    readable,
    word_queries,
    wordings_by_field,
    words_query,
)
from search.engines.embedded_schema import SCHEMA, exact
from search.engines.ranking import COMMON, SYNONYM, freshness, today
from search.request import SearchRequest


def near(searcher: Searcher, words: Sequence[str], allowed: Query) -> Iterator[dict[str, int]]:
    """For each folded word the words of readable documents with its first letter, as near as a slip is believed."""
    for word in words:
        held: set[str] = set()
        for name in SEARCHED:
            held.update(term for term, _ in searcher.terms_with_prefix(exact(name), word[:1]))
        close = process.extract(
            word, sorted(held), scorer=OSA.distance, score_cutoff=most_slips(word), limit=MOST_CANDIDATES
        )
        found = {candidate: 0 for candidate, _, _ in close}
        for candidate in found:
            wanted = any_of([Query.term_query(SCHEMA, exact(name), candidate, "basic") for name in SEARCHED])
            found[candidate] = searcher.search(matching(wanted, allowed, {}), 1).count
        yield {candidate: count for candidate, count in found.items() if count}


def similar(searcher: Searcher, item: int, allowed: Query, limit: int) -> list[DocAddress]:
    """What has the rarer words of a document too, best first."""
    address = address_of(searcher, item)
    if address is None:
        return []
    held = searcher.doc(address).to_dict()
    texts = {name: held[name] for name in SEARCHED if name in held}
    alike = Query.more_like_this_document_fields_query(
        SCHEMA, texts, min_doc_frequency=2, min_term_frequency=1, max_query_terms=25
    )
    itself = Query.term_query(SCHEMA, "id", item, "basic")
    wanted = Query.boolean_query(
        [
            (Occur.Must, alike),
            (Occur.Must, Query.const_score_query(allowed, 0.0)),
            (Occur.MustNot, itself),
        ]
    )
    return [address for _, address in searcher.search(wanted, limit, count=False).hits]


def address_of(searcher: Searcher, item: int, also: Query | None = None) -> DocAddress | None:
    """Where a document lies; None when the index does not hold it, or not with that."""
    conditions = [
        Query.term_query(SCHEMA, "id", item, "basic"),
        Query.term_query(SCHEMA, "deleted", 0, "basic"),
    ]
    conditions += [also] if also else []
    hits = searcher.search(Query.boolean_query([(Occur.Must, c) for c in conditions]), 1, count=False).hits
    return hits[0][1] if hits else None


def explain(
    searcher: Searcher, request: SearchRequest, item: int, readers: Iterable[str]
) -> Explanation | None:
    """The score of the search itself, and of each word in each field by itself."""
    query = matching(words_query(request), readable(readers), {})
    address = address_of(searcher, item, query)
    if address is None:
        return None
    held = searcher.doc(address).to_dict()
    fresh = 1.0
    if request.is_ranked and not request.text_alone:
        fresh = freshness(held["day"][0], today())
    scores: dict[tuple[str, str], float] = {}
    for shown, field, part in _parts(request):
        score = _score(part, searcher, address)
        if score > 0:
            scores[shown, field] = scores.get((shown, field), 0.0) + score
    reasons = (Reason(shown, field, score) for (shown, field), score in scores.items())
    return Explanation(
        score=_score(query, searcher, address) * fresh,
        freshness=fresh,
        reasons=tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.word, reason.field))),
        is_title=request.understood.key == question_key(held["title"][0]),
        is_label=request.understood.key in map(question_key, held.get("labels", ())),
    )


def _parts(request: SearchRequest) -> Iterator[tuple[str, str, Query]]:
    for need in request.understood.needs:
        worth = COMMON if need.is_common else 1.0
        for word in need.words:
            for field, query in word_queries([word]):
                yield word, field, Query.boost_query(query, worth)
        for wording in need.others:
            for field, query in wordings_by_field(wording):
                yield " ".join(wording), field, Query.boost_query(query, SYNONYM * worth)


def _score(query: Query, searcher: Searcher, address: DocAddress) -> float:
    try:
        return float(json.loads(query.explain(searcher, address).to_json())["value"])
    except ValueError:  # tantivy's answer for a document that does not match
        return 0.0


def counts(searcher: Searcher, queries: Collection[Query], allowed: Query) -> list[int]:
    """How many readable documents meet each."""
    return [int(searcher.search(matching(query, allowed, {}), 1).count) for query in queries]
