"""Documents that look French, the same for the same seed, and what an engine must answer about them.

Every word of the texts belongs to a family of forms; a search for one must find a document with any other.
So the expected answers are counted here one document at a time, with nothing of an engine's own analysis.
"""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from search.document import KINDS, SearchDocument
from search.facets import FACET_NAMES
from search.request import SearchRequest

# The first form of each family is the one that is asked for: without accents, as people type.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("eleve", "élève", "élèves", "Élève", "l’élève", "d'élèves", "ÉLÈVES"),
    ("entreprise", "entreprise", "entreprises", "l’entreprise", "l'entreprise", "D’ENTREPRISES"),
    ("tuteur", "tuteur", "tuteurs", "Tuteur"),
    ("metier", "métier", "métiers", "Métiers"),
    ("pole", "pôle", "pôles", "Pôle"),
    ("convention", "convention", "conventions", "l’unique convention"),
    ("lycee", "lycée", "lycées", "Lycée"),
    ("atelier", "atelier", "ateliers", "d’atelier"),
    ("oeuvre", "œuvre", "œuvres", "l’œuvre"),
    ("mobilite", "mobilité", "mobilités", "MOBILITÉ"),
    ("cle", "clé", "clés", "Clé"),
    ("garcon", "garçon", "garçons"),
)
FILLERS = (
    "le stage se prépare avec toute la classe",
    "chacun note ce qu’il a vu, puis en parle",
    "une visite dure deux heures",
    "il faut compter une séance & demie",
    "la fiche tient sur une page <recto>",
    "aujourd’hui, c’est plus simple qu’hier",
)
FACET_SIZES = {
    "public": 13, "periode": 8, "phase": 3, "problematique": 12, "axe": 3, "audience": 9, "type": 12,
    "filiere": 15, "departement": 4, "pole": 24, "tag": 60,
}  # fmt: skip
POLES = 5
FIRST_DAY = datetime.date(2020, 9, 1)


def documents(count: int, seed: int = 3) -> list[SearchDocument]:
    """`count` documents with ids from 1; many share a day, a reader and a value, none are drawn evenly."""
    chance = random.Random(seed)
    return [_document(number, chance) for number in range(1, count + 1)]


def _document(number: int, chance: random.Random) -> SearchDocument:
    facets = {name: _values(name, size, chance) for name, size in FACET_SIZES.items()}
    return SearchDocument(
        id=number,
        kind=chance.choices(KINDS, (5, 2, 3))[0],  # type: ignore[arg-type]
        title=f"{_sentence(chance, 1).capitalize()} ({number})",
        summary=_sentence(chance, chance.randint(0, 1)),
        body=". ".join(_sentence(chance, chance.randint(0, 2)) for _ in range(chance.randint(1, 12))) + ".",
        labels=tuple(f"Étiquette {value}" for value in facets["tag"]),
        url=f"/ressources/{number}/",
        date=FIRST_DAY + datetime.timedelta(days=int(2200 * chance.random() ** 2)),
        readers=_readers(chance),
        facets=facets,
    )


def _values(name: str, size: int, chance: random.Random) -> tuple[str, ...]:
    return tuple(f"{name}-{int(size * chance.random() ** 2)}" for _ in range(chance.choice((0, 1, 1, 2, 3))))


def _readers(chance: random.Random) -> tuple[str, ...]:
    pole = f"pole:{chance.randint(1, POLES)}"
    kinds = (("all",), ("member", "coordination"), (pole, "coordination"), (f"user:{chance.randint(1, 9)}",))
    return chance.choices(kinds, (12, 4, 3, 1))[0]


def _sentence(chance: random.Random, words: int) -> str:
    forms = [chance.choice(chance.choice(FAMILIES)[1:]) for _ in range(words)]
    return " ".join([chance.choice(FILLERS), *forms])


ANONYMOUS = frozenset({"all"})
EVERYBODY = frozenset(
    {
        "all",
        "member",
        "coordination",
        *(f"pole:{n}" for n in range(1, POLES + 1)),
        *(f"user:{n}" for n in range(10)),
    }
)
READERS = (
    ANONYMOUS,
    frozenset({"all", "member", "pole:2"}),
    frozenset({"all", "member", "coordination", "user:3"}),
    EVERYBODY,
    frozenset({"user:404"}),
    frozenset[str](),
)


class Expected:
    """What any engine must answer about these documents, counted by hand."""

    def __init__(self, held: Iterable[SearchDocument]) -> None:
        self.held = list(held)
        self._families = {document.id: _families_of(document) for document in self.held}

    def found(
        self, request: SearchRequest, readers: frozenset[str], without: str | None = None
    ) -> list[SearchDocument]:
        """Newest first; `without` leaves one facet's filter out."""
        filters = {name: set(values) for name, values in request.filters.items() if name != without}
        found = [
            document
            for document in self.held
            if readers & set(document.readers)
            and all(wanted & set(document.facets.get(name, ())) for name, wanted in filters.items())
            and (not request.q or set(request.q.split()) & self._families[document.id])
        ]
        return sorted(found, key=lambda document: (-document.date.toordinal(), document.id))

    def facets(self, request: SearchRequest, readers: frozenset[str]) -> Mapping[str, Mapping[str, int]]:
        """Every facet's counts, its own filter aside."""
        counts = {}
        for name in FACET_NAMES:
            found = self.found(request, readers, without=name)
            counted = Counter(value for document in found for value in document.facets.get(name, ()))
            counts[name] = dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
        return counts


def _families_of(document: SearchDocument) -> set[str]:
    text = " ".join((document.title, document.summary, document.body))
    words = set(re.findall(r"\w+", text.lower()))
    return {
        family[0]
        for family in FAMILIES
        if any(form.lower().split("’")[-1].split("'")[-1] in words for form in family[1:])
    }
