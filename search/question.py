"""What is asked for, word by word, before any engine sees it: each word with the wordings that mean the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.analysis import fold, query_words, question_key

Wording = tuple[str, ...]
"""One folded word, or several that stand in this order."""


@dataclass(frozen=True)
class Need:
    """One or several words of the question, as typed, and what means the same.

    A document meets it with all the words, wherever they stand, or with one of the other wordings.
    """

    words: tuple[str, ...]
    others: tuple[Wording, ...] = ()
    is_common: bool = False
    """Most documents meet it: it says little of what is asked."""

    @property
    def folded(self) -> Wording:
        return tuple(map(fold, self.words))


@dataclass(frozen=True)
class Question:
    """`key`: an item with this title (as `question_key` writes it) comes first. No need: nothing can be found.

    `enough` says what a hit must meet: all the needs of one of these sets (places in `needs`). Without any set, one
    need is enough. What a hit meets besides only orders it.
    """

    needs: tuple[Need, ...]
    key: str
    enough: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def plain(cls, q: str) -> Question:
        """Its words as they are, any of them enough."""
        return cls(tuple(Need((word,)) for word in query_words(q)), question_key(q))

    @property
    def loosely(self) -> Question:
        """The same question, of which one need is enough."""
        return replace(self, enough=())

    @property
    def words(self) -> tuple[str, ...]:
        """All words that were typed and count."""
        return tuple(word for need in self.needs for word in need.words)
