"""What a misspelt word could be, asked of Elasticsearch's term suggester. Pure: no server here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch.dsl import Search
from rapidfuzz.distance import OSA

from search.analysis import MOST_CANDIDATES, SEARCHED, most_slips
from search.engines.elastic_schema import EXACT

MOST_OF_A_FIELD = 20
"""Words of one field that a slip could be; some stand only in what this reader may not read."""

ANY_FREQUENCY = 1_000_000_000
"""Else the server offers nothing for a word that one document in a hundred holds, whoever may read those."""


def slips(words: Sequence[str]) -> Search:
    """The words of the index near to each of these folded words, in every searched field."""
    search = Search().extra(size=0, track_total_hits=False)
    for place, word in enumerate(words):
        for field in SEARCHED:
            options = {
                "field": f"{field}.{EXACT}",
                "size": MOST_OF_A_FIELD,
                "suggest_mode": "always",
                "prefix_length": 1,
                "max_edits": most_slips(word),
                "max_term_freq": ANY_FREQUENCY,
                "min_word_length": 4,
            }
            search = search.suggest(f"{place}-{field}", word, term=options)
    return search


def slips_of(answer: Mapping[str, Any], words: Sequence[str]) -> list[list[str]]:
    """For each word its candidates, itself first."""
    found: list[list[str]] = []
    for place, word in enumerate(words):
        entries = (answer["suggest"][f"{place}-{field}"] for field in SEARCHED)
        options = {option["text"] for entry in entries for part in entry for option in part["options"]}
        near = sorted(options, key=lambda option: (OSA.distance(word, option), option))
        found.append(list(dict.fromkeys([word, *near[:MOST_CANDIDATES]])))
    return found


def exactly(word: str) -> dict[str, Any]:
    """The folded word as it is, in any searched field."""
    return {"bool": {"should": [{"term": {f"{field}.{EXACT}": word}} for field in SEARCHED]}}
