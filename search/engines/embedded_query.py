"""A `SearchRequest` as tantivy queries. Pure: nothing here opens an index, no query string is ever parsed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from tantivy import Occur, Query

from search.analysis import SEARCHED
from search.engines.embedded_schema import (
    ANALYSERS,
    EXACT,
    GRAMS_FIELD,
    GRAMS_WORTH,
    SCHEMA,
    STEMMED,
    exact,
    facet_field,
)
from search.engines.embedded_schema import GRAMS as GRAMS_ANALYSER
from search.engines.ranking import COMMON, LABEL, SYNONYM, TITLE
from search.question import Need, Question, Wording
from search.request import SearchRequest


def readable(readers: Iterable[str], withheld: Collection[int] = ()) -> Query:
    """What one of these tokens may read, less what is withheld. A tombstone has no reader, so it is never among it."""
    held = Query.term_set_query(SCHEMA, "readers", sorted(readers))
    if not withheld:
        return held
    hidden = Query.term_set_query(SCHEMA, "id", sorted(withheld))
    return Query.boolean_query([(Occur.Must, held), (Occur.MustNot, hidden)])


def words_query(request: SearchRequest) -> Query:
    """The needs of a question in the searched fields, as stems and as they are; the scores add up.

    A hit meets enough of the question; n-grams and a title or label that is the question only order the hits. No need
    at all (« ??? ») finds nothing; an empty question finds everything.
    """
    if not request.q.strip():
        return Query.all_query()
    question = request.understood
    needs = [query for need in question.needs for query in need_queries(need)]
    if not needs:
        return Query.empty_query()
    title = Query.const_score_query(Query.term_query(SCHEMA, "title_key", question.key, "basic"), TITLE)
    label = Query.const_score_query(Query.term_query(SCHEMA, "label_keys", question.key, "basic"), LABEL)
    admitting = [Query.const_score_query(_enough(question), 0.0)] if question.enough else []
    return Query.boolean_query(
        [
            *((Occur.Must, query) for query in (any_of(needs), *admitting)),
            *((Occur.Should, query) for query in (*_grams(question.words), title, label)),
        ]
    )


def _enough(question: Question) -> Query:
    """All the needs of one of the sets."""
    return any_of([all_of([met_query(question.needs[i]) for i in places]) for places in question.enough])


def all_of(queries: Collection[Query]) -> Query:
    """Every one of them."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def any_of(queries: Collection[Query]) -> Query:
    """One of them; the scores add up."""
    if not queries:
        return Query.empty_query()
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def need_queries(need: Need) -> list[Query]:
    """Its words and its other wordings in every field."""
    queries = [query for _, query in word_queries(need.words)]
    others = (query for wording in need.others for query in wording_queries(wording))
    queries += [Query.boost_query(query, SYNONYM) for query in others]
    return [Query.boost_query(query, COMMON) for query in queries] if need.is_common else queries


def word_queries(words: Iterable[str]) -> Iterator[tuple[str, Query]]:
    """(searched text, query) of each word in each field that holds it."""
    text = " ".join(words)
    stems, whole = terms_of(text, STEMMED), terms_of(text, EXACT)
    for name, boost in SEARCHED.items():
        for field, terms in ((name, stems), (exact(name), whole)):
            for term in terms:
                yield name, Query.boost_query(Query.term_query(SCHEMA, field, term, "freq"), boost)


def wording_queries(wording: Wording) -> list[Query]:
    """One word, or several as a phrase, in every field."""
    return [query for _, query in wordings_by_field(wording)]


def wordings_by_field(wording: Wording) -> Iterator[tuple[str, Query]]:
    """(searched text, query) of a wording."""
    if len(wording) == 1:
        yield from word_queries(wording)
        return
    tokens = ANALYSERS[STEMMED].pre_tokenize(" ".join(wording)).tokens
    phrase = [(token.position, token.text) for token in tokens]
    for name, boost in SEARCHED.items():
        if len(phrase) > 1:
            first = phrase[0][0]
            placed = [(place - first, text) for place, text in phrase]
            yield name, Query.boost_query(Query.phrase_query(SCHEMA, name, placed), boost)
        elif phrase:
            yield name, Query.boost_query(Query.term_query(SCHEMA, name, phrase[0][1], "freq"), boost)


def met_query(need: Need) -> Query:
    """All the words of a need as stems, wherever they stand in a document, or one of its other wordings."""
    ways = [_all_words(need.words)]
    ways += [
        _all_words(other) if len(other) == 1 else any_of(wording_queries(other)) for other in need.others
    ]
    return any_of(ways)


def _all_words(words: Iterable[str]) -> Query:
    text = " ".join(words)
    stems = terms_of(text, STEMMED)
    fields = list(SEARCHED) if stems else [exact(name) for name in SEARCHED]
    terms = stems or terms_of(text, EXACT)
    return all_of([any_of([Query.term_query(SCHEMA, f, term, "basic") for f in fields]) for term in terms])


def _grams(words: Iterable[str]) -> Iterator[Query]:
    for gram in terms_of(" ".join(words), GRAMS_ANALYSER):
        yield Query.boost_query(Query.term_query(SCHEMA, GRAMS_FIELD, gram, "freq"), GRAMS_WORTH)


def terms_of(text: str, analyser: str) -> list[str]:
    """The distinct terms that a text becomes."""
    return list(dict.fromkeys(ANALYSERS[analyser].analyze(text)))


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
