"""French words, said once for both engines.

A text is folded (case, accents, ligatures) before it is stemmed, and the stop list is folded too: otherwise
« à » becomes « a » and survives. A question is a set of words and never a query language: punctuation has no
meaning, so « l'entreprise », « C++ : » and Lucene syntax are only words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from search.document import clean_text

SEARCHED: dict[str, float] = {"title": 2.0, "summary": 1.0, "labels": 2.0, "body": 1.0}
"""The searched texts of a document and what a word found there is worth."""

LONGEST_WORD = 64
"""Longer « words » are not words: neither indexed nor asked for."""

MOST_WORDS = 50
"""Distinct words of a question that count; the rest of a pasted page is left out."""

TWO_SLIPS = 8
"""Letters of a word in which two slips are believed: « numerik » is no « numéro »."""

MOST_CANDIDATES = 30
"""Words that are looked at for one slip, the nearest first: each is counted."""

SUGGESTIBLE = 150
"""Longer titles and labels are not suggested."""

SEPARATOR = "\x1f"
"""Stands between what is typed and what is suggested, and in no text: `clean_text` takes it out."""

STOP_WORDS: frozenset[str] = frozenset(
    word
    for line in Path(__file__).with_name("stop_words_fr.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Folded words that no search looks for."""

_WORD = re.compile(r"[^\W_]+")
#: What both engines fold and Unicode takes not apart.
_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "’": "'"}
)


def fold(text: str) -> str:
    """Lower case without accents and ligatures: « Élève » and « eleve » are one."""
    lowered = text.lower().translate(_LIGATURES)
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def most_slips(word: str) -> int:
    """How many slips are believed in a word."""
    return 1 if len(word) < TWO_SLIPS else 2


def words_of(text: str) -> list[str]:
    """All the words of a text, as they are written."""
    return [word for word in _WORD.findall(clean_text(text)) if len(word) <= LONGEST_WORD]


def question_key(q: str) -> str:
    """One spelling of a question: its folded words with a space between them."""
    return " ".join(fold(word) for word in words_of(q))[:300].strip()


def query_words(q: str) -> list[str]:
    """The distinct words of a question without the stop words; with them when it has no other word."""
    distinct: dict[str, str] = {}
    for word in _WORD.findall(clean_text(q)):
        if len(word) <= LONGEST_WORD:
            distinct.setdefault(fold(word), word)
    words = {folded: word for folded, word in distinct.items() if folded not in STOP_WORDS} or distinct
    return list(words.values())[:MOST_WORDS]


@lru_cache(maxsize=2_000)  # the items share their labels
def suggestion_keys(text: str) -> tuple[str, ...]:
    """One key a word of `text`: all that may be typed from that word on.

    Whatever begins a key has `text` suggested: both engines complete from the middle of a title by looking up terms.
    """
    shown = " ".join(text.split())
    if len(shown) > SUGGESTIBLE:
        return ()
    typed = fold(shown)
    return tuple(dict.fromkeys(typed[word.start() :] for word in _WORD.finditer(typed)))


def label_keys(labels: Iterable[str]) -> list[str]:
    """The keys of labels, each with the label: many documents have it, and it is shown once."""
    shown = (" ".join(label.split()) for label in labels)
    return list(
        dict.fromkeys(f"{key}{SEPARATOR}{label}" for label in shown for key in suggestion_keys(label))
    )


def suggestion_prefix(typed: str) -> str:
    """What a suggestion's key must begin with; empty when nothing was typed that could begin a word."""
    folded = " ".join(fold(clean_text(typed)).split())
    first = _WORD.search(folded)
    return folded[first.start() :][:SUGGESTIBLE] if first else ""


KEYS_A_LABEL = 8
"""One label has a key a word and several spellings: more keys than labels are to be asked for."""


def labels_of(keys: Iterable[str], limit: int) -> tuple[str, ...]:
    """The first `limit` labels of `keys`; two that differ by case or accents are one."""
    shown: dict[str, str] = {}
    for key in keys:
        text = key.partition(SEPARATOR)[2]
        shown.setdefault(fold(text), text)
    return tuple(shown.values())[:limit]
