"""A `SearchRequest` as tantivy queries. Pure: nothing here opens an index, no query string is ever parsed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from tantivy import Occur, Query

from search.engines.analysis import SEARCHED, query_words
from search.engines.embedded_schema import ANALYSERS, EXACT, SCHEMA, STEMMED, exact, facet_field


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What one of these tokens may read, less what is withheld. A tombstone has no reader, so it is never among it."""
    held = Query.term_set_query(SCHEMA, "readers", sorted(readers))
    if not withheld:
        return held
    hidden = Query.term_set_query(SCHEMA, "id", sorted(withheld))
    return Query.boolean_query([(Occur.Must, held), (Occur.MustNot, hidden)])


def words_query(q: str) -> Query:
    """Any word of `q` in any searched field, as a stem and as it is; the scores add up.

    No word at all (« ??? ») finds nothing; an empty question finds everything.
    """
    if not q.strip():
        return Query.all_query()
    stems, whole = terms_of(q, STEMMED), terms_of(q, EXACT)
    wanted = [
        (Occur.Should, Query.boost_query(Query.term_query(SCHEMA, field, term, "freq"), boost))
        for name, boost in SEARCHED.items()
        for field, terms in ((name, stems), (exact(name), whole))
        for term in terms
    ]
    return Query.boolean_query(wanted) if wanted else Query.empty_query()


def terms_of(q: str, analyser: str) -> list[str]:
    """The distinct terms that the words of `q` become."""
    return list(dict.fromkeys(ANALYSERS[analyser].analyze(" ".join(query_words(q)))))


def matching(
    words: Query, allowed: Query, filters: Mapping[str, tuple[str, ...]], without: str | None = None
) -> Query:
    """The words, among what is allowed and passes the filters; `without` leaves one facet's filter out."""
    conditions = [allowed]
    conditions += [
        Query.term_set_query(SCHEMA, facet_field(name), values)
        for name, values in filters.items()
        if name != without
    ]
    unscored = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
    return Query.boolean_query([(Occur.Must, words), *unscored])
