"""What is asked for, word by word, before any engine sees it: each word with the wordings that mean the same.

`carrying` needs are those without which little of the question is left: a hit holds one of them at least. The others
only order the hits (search.asking decides which is which).
"""

from __future__ import annotations

from dataclasses import dataclass

from search.engines.analysis import fold, query_words, question_key

Wording = tuple[str, ...]
"""One folded word, or several that stand in this order."""


@dataclass(frozen=True)
class Need:
    """One or several words of the question, as typed, and what means the same."""

    words: tuple[str, ...]
    others: tuple[Wording, ...] = ()
    carrying: bool = True

    @property
    def folded(self) -> Wording:
        return tuple(map(fold, self.words))


@dataclass(frozen=True)
class Question:
    """`key`: an item with this title (as `question_key` writes it) comes first. No need: nothing can be found."""

    needs: tuple[Need, ...]
    key: str

    @classmethod
    def plain(cls, q: str) -> Question:
        """Its words as they are, each of them carrying."""
        return cls(tuple(Need((word,)) for word in query_words(q)), question_key(q))

    @property
    def words(self) -> tuple[str, ...]:
        """All words that were typed and count."""
        return tuple(word for need in self.needs for word in need.words)
