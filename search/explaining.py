"""Why is this answer there? For the coordination: words found, where, and what else moved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .analysis import SEARCHED, fold
from .answering import synonyms, understood, withheld
from .engines import get_engine
from .engines.base import EngineUnavailable, Explanation
from .request import SearchRequest
from .results import Hit

FIELDS: dict[str, str] = {"title": "titre", "summary": "résumé", "labels": "termes", "body": "texte"}
assert FIELDS.keys() == SEARCHED.keys()  # noqa: S101 - a field without a name could not be shown


@dataclass(frozen=True)
class Why:
    """One hit: each word with the places where it was found and its share of the text score, in percent."""

    score: float
    words: tuple[tuple[str, str, int], ...]
    missing: tuple[str, ...]
    freshness: int
    is_title: bool
    is_label: bool


def whys(request: SearchRequest, hits: Iterable[Hit], readers: frozenset[str]) -> dict[int, Why]:
    """Of each hit that the engine can explain; nothing without an engine or a question."""
    if not request.q.strip():
        return {}
    try:
        engine = get_engine()
        meant = understood(engine, request, readers, withheld(readers), synonyms())
        # Loosely, so that the nearest items are explained too: what is enough changes no score.
        loose = replace(meant, question=meant.understood.loosely)
        found = engine.explain(loose, [hit.id for hit in hits], readers)
    except EngineUnavailable:
        return {}
    return {item: _why(meant, explained) for item, explained in found.items()}


def _why(request: SearchRequest, explained: Explanation) -> Why:
    total = sum(reason.score for reason in explained.reasons) or 1.0
    by_word: dict[str, tuple[list[str], float]] = {}
    for reason in explained.reasons:
        places, score = by_word.get(reason.word, ([], 0.0))
        by_word[reason.word] = ([*places, FIELDS[reason.field]], score + reason.score)
    ranked = sorted(by_word.items(), key=lambda pair: -pair[1][1])
    held = {fold(word) for word in by_word}
    return Why(
        score=explained.score,
        words=tuple(
            (word, ", ".join(places), round(100 * score / total)) for word, (places, score) in ranked
        ),
        missing=tuple(word for word in request.understood.words if fold(word) not in held),
        freshness=round((explained.freshness - 1) * 100),
        is_title=explained.is_title,
        is_label=explained.is_label,
    )
