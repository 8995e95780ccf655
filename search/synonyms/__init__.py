"""Synonyms: those of fr.txt and those of the coordination, as rules from what is asked to what is found too.

A line is « a, b, c » (each finds the others) or « a => b, c » (a finds b and c too, without return). An entry of
several words is a phrase. Entries are compared by their folded words; a plain plural is the same entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from search.analysis import fold, words_of
from search.question import Wording

MOST_ENTRIES = 20
MOST_WORDS = 8


@dataclass(frozen=True)
class Rule:
    """Who asks one of `asked` also finds each of `found`."""

    asked: tuple[Wording, ...]
    found: tuple[Wording, ...]

    @classmethod
    def read(cls, line: str) -> Rule:
        """The rule of one line. Raises ValueError, in French, when there is none in it."""
        left, arrow, right = line.partition("=>")
        asked = _entries(left)
        if not arrow:
            if len(asked) < 2:
                raise ValueError("Écrivez au moins deux mots ou expressions, séparés par des virgules.")
            return cls(asked, asked)
        found = _entries(right)
        if not asked or not found:
            raise ValueError("Écrivez un mot ou une expression de chaque côté de «\u00a0=>\u00a0».")
        return cls(asked, found)


def _entries(text: str) -> tuple[Wording, ...]:
    entries = tuple(dict.fromkeys(tuple(map(fold, words_of(entry))) for entry in text.split(",")))
    entries = tuple(entry for entry in entries if entry)
    if len(entries) > MOST_ENTRIES or any(len(entry) > MOST_WORDS for entry in entries):
        raise ValueError(
            f"Une ligne compte {MOST_ENTRIES} expressions au plus, une expression {MOST_WORDS} mots au plus."
        )
    return entries


class Synonyms:
    """All rules, by what is asked."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._found: dict[Wording, dict[Wording, None]] = defaultdict(dict)
        for rule in rules:
            for asked in rule.asked:
                for found in rule.found:
                    if found != asked:
                        self._found[_singular(asked)][found] = None
        self.longest = max(map(len, self._found), default=0)
        """Words of the longest entry."""

    def of(self, wording: Wording) -> tuple[Wording, ...]:
        """What else these folded words find."""
        return tuple(self._found.get(_singular(wording), ()))


def _singular(wording: Wording) -> Wording:
    """Without the plain plural mark: only the key under which a rule is kept, never a word that is searched."""
    return tuple(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in wording)


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[Rule, ...]:
    """Those of fr.txt. Raises ValueError on a line that is none."""
    lines = Path(__file__).with_name("fr.txt").read_text(encoding="utf-8").splitlines()
    return tuple(Rule.read(line) for line in lines if line.strip() and not line.startswith("#"))
