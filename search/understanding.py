"""From what was typed to what is asked for: slips corrected, synonyms added, the words that carry it found.

A slip is a word that neither the index nor a French word list knows: it becomes the nearest word that the index
holds, as the reader may read it. A word that either of them knows is never changed.

A hit must meet enough of the question: needs that have `ENOUGH` of its weight together, where a need weighs the more
the fewer documents meet it. « recette de cuisine » asks for recipes: a sheet that speaks of a kitchen alone is no
answer, though it may be the nearest. In a long question words repeat each other; there it is enough to meet one of
the needs without which less than `LEAST` of the weight would be left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz.distance import OSA

from search import words
from search.analysis import MOST_WORDS, STOP_WORDS, fold, most_slips, question_key, words_of
from search.document import clean_text
from search.engines.base import SearchEngine
from search.question import Need, Question
from search.synonyms import Synonyms, Wording

SHORTEST_SLIP = 4
"""Shorter words are left as they are: too much is near to them."""

MOST_SLIPS = 8
"""Words of one question that are looked at: a text with more of them was pasted, and each costs the engine a search."""

ENOUGH = 0.6
"""The share of a short question's weight that a hit must meet."""

COMMON = 0.75
"""The share of the documents that makes a need common: beside a rarer one it hardly counts."""

LONG = 5
"""Needs of a question that is not long yet: its sets of needs can be told."""

LEAST = 0.25
"""The share of a long question's weight that a hit must be able to reach."""


@dataclass(frozen=True)
class Understood:
    """`corrected`: each folded slip with the word that is searched instead; `q` is the text that is searched."""

    question: Question
    q: str
    corrected: Mapping[str, str]


def understand(
    q: str,
    engine: SearchEngine,
    readers: frozenset[str],
    withheld: frozenset[int] = frozenset(),
    synonyms: Synonyms | None = None,
    *,
    correct: bool = True,
) -> Understood:
    """What `q` asks for. Raises EngineUnavailable."""
    q = clean_text(q)
    corrected = corrections(q, engine, readers, withheld) if correct else {}
    text = _replaced(q, corrected)
    needs = needs_of(text, synonyms or Synonyms(()))
    needs, enough = weighed(needs, engine, readers, withheld)
    return Understood(Question(needs, question_key(text), enough), text, corrected)


def corrections(
    q: str, engine: SearchEngine, readers: frozenset[str], withheld: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Each slip of `q`, folded, with the word that was meant."""
    folded = dict.fromkeys(map(fold, words_of(q)[:MOST_WORDS]))
    doubtful = [
        word for word in folded if len(word) >= SHORTEST_SLIP and word.isalpha() and not words.is_known(word)
    ][:MOST_SLIPS]
    if not doubtful:
        return {}
    found: dict[str, str] = {}
    for word, candidates in zip(doubtful, engine.near(doubtful, readers, withheld), strict=True):
        if word not in candidates and (meant := nearest(word, candidates)):
            found[word] = meant
    return found


def nearest(word: str, candidates: Mapping[str, int]) -> str | None:
    """The word of fewest slips; of equals the one that more documents hold. One slip only in a short word."""
    most = most_slips(word)
    near = [
        (distance, -count, candidate)
        for candidate, count in candidates.items()
        if (distance := OSA.distance(word, candidate, score_cutoff=most)) <= most
    ]
    return min(near)[2] if near else None


def _replaced(q: str, corrected: Mapping[str, str]) -> str:
    if not corrected:
        return q
    return re.sub(r"[^\W_]+", lambda found: corrected.get(fold(found[0]), found[0]), q)


def needs_of(q: str, synonyms: Synonyms) -> tuple[Need, ...]:
    """The needs of a question, the longest wordings that have synonyms first; stop words count inside one only."""
    typed = words_of(q)
    folded = [fold(word) for word in typed]
    content = {word for word in folded if word not in STOP_WORDS} or set(folded)
    needs: dict[Wording, Need] = {}
    place = 0
    while place < len(typed) and len(needs) < MOST_WORDS:
        for length in range(max(1, min(synonyms.longest, len(typed) - place)), 0, -1):
            stretch = tuple(folded[place : place + length])
            others = synonyms.of(stretch)
            if others or length == 1:
                break
        pairs = list(zip(typed[place : place + length], stretch, strict=True))
        kept = tuple(word for word, plain in pairs if plain in content)
        if kept:
            needs.setdefault(stretch, Need(kept, others))
        place += length
    return tuple(needs.values())


def weighed(
    needs: tuple[Need, ...],
    engine: SearchEngine,
    readers: frozenset[str],
    withheld: frozenset[int] = frozenset(),
) -> tuple[tuple[Need, ...], tuple[tuple[int, ...], ...]]:
    """The needs, the common ones marked, and the smallest sets of them that are enough; none where any word is."""
    if not needs or STOP_WORDS.issuperset(word for need in needs for word in need.folded):
        return needs, ()
    if len(needs) == 1:
        return needs, ((0,),) if len(needs[0].words) > 1 else ()
    *met, documents = engine.holdings(needs, readers, withheld)
    weights = [_weight(count, documents) for count in met]
    sets = heavy_sets(weights) if len(needs) <= LONG else [(place,) for place in indispensable(weights)]
    words = sum(len(need.words) for need in needs)
    any_word = len(sets) == words and all(len(places) == 1 for places in sets)
    common = [count >= COMMON * documents for count in met]
    if not all(common):
        needs = tuple(
            replace(need, is_common=is_common) for need, is_common in zip(needs, common, strict=True)
        )
    return needs, () if any_word else tuple(sets)


def heavy_sets(weights: Sequence[float]) -> list[tuple[int, ...]]:
    """The sets of places with `ENOUGH` of the weight that hold no smaller one."""
    least, found = ENOUGH * sum(weights), list[tuple[int, ...]]()
    for size in range(1, len(weights) + 1):
        for places in combinations(range(len(weights)), size):
            if any(set(smaller) <= set(places) for smaller in found):
                continue
            if sum(weights[place] for place in places) >= least:
                found.append(places)
    return found


def indispensable(weights: Sequence[float]) -> list[int]:
    """The heaviest places, without all of which less than `LEAST` of the weight is left."""
    left, least, found = sum(weights), LEAST * sum(weights), list[int]()
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]):
        if left < least:
            break
        found.append(place)
        left -= weights[place]
    return sorted(found)


def _weight(held: int, documents: int) -> float:
    """Like BM25's: large for a word that few documents hold, largest for one that none holds."""
    return math.log(1 + (documents - held + 0.5) / (held + 0.5))
