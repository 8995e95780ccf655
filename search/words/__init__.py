"""Which words are right? Those of a French dictionary (fr.txt) and those of the field that it has not (field.txt).

A word that is known here is never taken for a slip. fr.txt is made by scripts/french_words: sorted lines, looked up
where they lie, so that a process loads nothing of its five megabytes.
"""

from __future__ import annotations

import mmap
from functools import lru_cache
from pathlib import Path

from search.analysis import fold, words_of

_HERE = Path(__file__).parent


def is_known(word: str) -> bool:
    """Is this folded word French, or one of the field?"""
    return word in _field_words() or _in_dictionary(word)


@lru_cache(maxsize=1)
def _field_words() -> frozenset[str]:
    lines = (_HERE / "field.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in words_of(line))


@lru_cache(maxsize=1)
def _dictionary() -> mmap.mmap:
    with (_HERE / "fr.txt").open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _in_dictionary(word: str) -> bool:
    """Halves the file until one line is left; the lines of its head begin with « # », which sorts before any letter."""
    lines, wanted = _dictionary(), word.encode()
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        end = lines.find(b"\n", start)
        line = lines[start:end]
        if line == wanted:
            return True
        if line < wanted:
            low = end + 1
        else:
            high = start
    return False
