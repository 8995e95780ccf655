"""Terms with those that came before: *chef de travaux* became *DDFPT*, and both words find the same sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kb.vocabulary.models import Term

from .analysis import fold


class Families:
    """Every term of the closed vocabularies, under the one that stands for it today. About a hundred rows."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.pk: term for term in terms}
        self._members: dict[int, set[int]] = defaultdict(set)
        self._current: dict[int, Term] = {}
        self._labels: dict[int, tuple[str, ...]] = {}
        for pk in self._terms:
            self._members[self.current(pk).pk].add(pk)

    @classmethod
    def load(cls) -> Families:
        return cls(Term.objects.all())

    def knows(self, pk: int) -> bool:
        return pk in self._terms

    def current(self, pk: int) -> Term:
        """The last successor, like `Term.current`, without a query."""
        if pk not in self._current:
            self._current[pk] = self._follow(pk)
        return self._current[pk]

    def _follow(self, pk: int) -> Term:
        term, seen = self._terms[pk], set()
        while term.replaced_by_id is not None and term.pk not in seen:
            seen.add(term.pk)
            term = self._terms[term.replaced_by_id]
        return term

    def members(self, pk: int) -> frozenset[int]:
        """The ids of all terms with the same successor, itself included."""
        return frozenset(self._members[self.current(pk).pk])

    def labels(self, pk: int) -> tuple[str, ...]:
        """Today's word first, then the older ones."""
        if pk not in self._labels:
            current = self.current(pk)
            older = sorted(self._terms[member].label for member in self.members(pk) - {current.pk})
            self._labels[pk] = (current.label, *older)
        return self._labels[pk]

    def family(self, facet: str, slug: str) -> frozenset[int]:
        """The ids of all terms that stand for the same thing as this one, whichever of them it is."""
        return frozenset(
            member
            for pk, term in self._terms.items()
            if (term.facet, term.slug) == (facet, slug)
            for member in self.members(pk)
        )

    def worded(self, folded: str) -> frozenset[int]:
        """The ids of the terms that have this in their label, or in that of another of their family."""
        return frozenset(
            member
            for pk, term in self._terms.items()
            if folded in fold(term.label)
            for member in self.members(pk)
        )

    def bearing(self, facet: str, slug: str) -> frozenset[int]:
        """The ids of the terms whose items are found under this value of a facet."""
        return frozenset(
            pk for pk in self._terms if (self.current(pk).facet, self.current(pk).slug) == (facet, slug)
        )
