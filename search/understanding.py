"""From what was typed to what is asked for: slips corrected, synonyms added, the words that carry it found.

A slip is a word that neither the index nor a French word list knows: it becomes the nearest word that the index
holds, as the reader may read it. A word that either of them knows is never changed.

A hit must hold one of the words that carry the question: those without which less than `LEAST` of its weight would be
left, a word weighing the more the fewer documents hold it. « recette de cuisine » asks for recipes; a sheet that
speaks of a kitchen alone is no answer, though it may be the nearest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from search import words
from search.engines.analysis import MOST_WORDS, STOP_WORDS, fold, question_key, words_of
from search.engines.base import SearchEngine
from search.question import Need, Question
from search.synonyms import Synonyms, Wording

SHORTEST_SLIP = 4
"""Shorter words are left as they are: too much is near to them."""

LEAST = 0.35
"""The share of a question's weight that a hit must be able to reach."""


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
    corrected = corrections(q, engine, readers, withheld) if correct else {}
    text = _replaced(q, corrected)
    needs = needs_of(text, synonyms or Synonyms(()))
    needs = weighed(needs, engine, readers, withheld)
    return Understood(Question(needs, question_key(text)), text, corrected)


def corrections(
    q: str, engine: SearchEngine, readers: frozenset[str], withheld: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Each slip of `q`, folded, with the word that was meant."""
    folded = dict.fromkeys(map(fold, words_of(q)[:MOST_WORDS]))
    doubtful = [
        word for word in folded if len(word) >= SHORTEST_SLIP and word.isalpha() and not words.is_known(word)
    ]
    if not doubtful:
        return {}
    found: dict[str, str] = {}
    for word, candidates in zip(doubtful, engine.near(doubtful, readers, withheld), strict=True):
        if word not in candidates and (meant := nearest(word, candidates)):
            found[word] = meant
    return found


def nearest(word: str, candidates: Mapping[str, int]) -> str | None:
    """The word of fewest slips; of equals the one that more documents hold. One slip only in a short word."""
    most = 1 if len(word) <= SHORTEST_SLIP else 2
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
) -> tuple[Need, ...]:
    """The same needs, those that carry the question told from the rest."""
    if len(needs) < 2:
        return needs
    wordings = [wording for need in needs for wording in (need.folded, *need.others)]
    *held, documents = engine.holdings(wordings, readers, withheld)
    counts = dict(zip(wordings, held, strict=True))
    weights = [_weight(max(counts[w] for w in (need.folded, *need.others)), documents) for need in needs]
    left, least = sum(weights), LEAST * sum(weights)
    carrying: set[int] = set()
    for place in sorted(range(len(needs)), key=lambda i: -weights[i]):
        if left < least:
            break
        carrying.add(place)
        left -= weights[place]
    return tuple(replace(need, carrying=place in carrying) for place, need in enumerate(needs))


def _weight(held: int, documents: int) -> float:
    """Like BM25's: large for a word that few documents hold, largest for one that none holds."""
    return math.log(1 + (documents - held + 0.5) / (held + 0.5))
