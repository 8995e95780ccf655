"""Texts of generated items: sentences of the demo recombined, with invented names of places and firms.

Everything follows from an item's number alone, so the same number gives the same item, whatever ran before.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_HEADS = "Bel Mont Vau Cham Chau Cor Fon Gran Lan Mar Nan Or Per Quin Ro Saul Tal Ver Vil Bour Cour Dam Épi".split()  # noqa: SIM905
_MIDDLES = "bert ceau der fré gi la li man na nier po ra ri sau ti to val vi zo cha gne mi nou tre".split()  # noqa: SIM905
_TAILS = "ans ard aux ay elle ency enne ert ey ois on ot ou ul ux y ignon ette igny eau".split()  # noqa: SIM905
_FRAMES = (
    "À {name}, l’essai a été refait avec un autre groupe.",
    "L’atelier {name} a prêté sa salle pour la mise en commun.",
    "La visite préparatoire s’est faite près de {name}, en car.",
    "Le bilan a été lu par l’équipe de {name} avant les vacances.",
    "La zone artisanale de {name} a proposé trois lieux de plus.",
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÉÀÊÎÔ«])")
#: Distinct invented names; each gives a word that no other text holds.
NAMES = 42_000
#: Bytes of running text an item is filled up to.
TEXT_SIZE = 3_000


@dataclass(frozen=True)
class Invented:
    """What one generated item says; the loader decides where it goes."""

    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published_on: datetime.date
    translation_key: uuid.UUID


def name_of(number: int) -> str:
    """The invented name of a number below NAMES: all different."""
    number, tail = divmod(number, len(_TAILS))
    number, second = divmod(number, len(_MIDDLES))
    number, first = divmod(number, len(_HEADS))
    third = _MIDDLES[number % len(_MIDDLES)] if number else ""
    return _HEADS[first] + third + _MIDDLES[second] + _TAILS[tail]


def sentences_of(texts: Sequence[str]) -> list[str]:
    """The sentences of plain texts that can stand alone, in order, once each."""
    found: dict[str, None] = {}
    for text in texts:
        for line in text.splitlines():
            found.update(dict.fromkeys(part.strip() for part in _SENTENCE.split(line) if len(part) > 40))
    return list(found)


def invent(number: int, sentences: Sequence[str], titles: Sequence[str], today: datetime.date) -> Invented:
    """Item `number`: about 3 KB of text, a date within six years, more often recent."""
    random = Random(f"vivier {number}")  # noqa: S311  (measurements, not secrets)
    place = name_of(number % NAMES)
    # Drawn unevenly: a few names come back everywhere, as towns do.
    often = name_of(int(NAMES * random.random() ** 4))
    title = f"{random.choice(titles).partition(chr(0xA0) + ':')[0]} · {place}"
    chosen = [random.choice(_FRAMES).format(name=place), random.choice(_FRAMES).format(name=often)]
    size = sum(map(len, chosen))
    while size < TEXT_SIZE:
        sentence = random.choice(sentences)
        chosen.append(sentence)
        size += len(sentence) + 1
    random.shuffle(chosen)
    cut = max(1, len(chosen) // 6)
    paragraphs = tuple(" ".join(chosen[start : start + cut]) for start in range(0, len(chosen), cut))
    age = int(6 * 365 * random.random() ** 1.6)
    return Invented(
        title=title[:250],
        summary=random.choice(sentences)[:280],
        paragraphs=paragraphs,
        published_on=today - datetime.timedelta(days=age),
        translation_key=uuid.UUID(int=random.getrandbits(128), version=4),
    )


def uneven(random: Random, values: Sequence[int], least: int, most: int) -> list[int]:
    """Between `least` and `most` of `values`, the first ones far more often (as a rank's inverse)."""
    weights = [1 / (rank + 1) for rank in range(len(values))]
    count = random.randint(least, most)
    return list(dict.fromkeys(random.choices(values, weights, k=count))) if values else []
