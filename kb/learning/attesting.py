"""Issuing an attestation, and saying whether one that is shown to somebody is true."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.utils import timezone

from kb.accounts.models import User
from resources.models import Training

from .course import Course
from .models import Attestation
from .models.attestation import code_of, name_hash, new_code, progress_hash
from .reading import titles_in

LONGEST = 80
SHORTEST = 3
NAME_WANTED = (
    "Écrivez votre prénom et votre nom, tels qu’ils doivent être imprimés (80 signes au plus, des lettres)."
)
MOST = 5
"""Names for one progress: a slip is mended, a workshop of colleagues is not attested by one of them."""
TOO_MANY = "Cette progression a déjà donné cinq attestations à des noms différents : chaque personne suit la formation."
WITHDRAWN = (
    "L’attestation à ce nom a été retirée par la coordination académique : écrivez-lui si c’est une erreur."
)
#: Letters, marks, and what stands between the parts of a name.
_BETWEEN = frozenset(" -’'.")
_WRITTEN_AS = str.maketrans({"'": "’", "\u2018": "’", "\u2010": "-", "\u2011": "-"})


class NameRefused(ValueError):  # noqa: N818 - what was typed, not a fault of the code
    """What was typed is no name that could be printed; its text says what to do."""


def printed_name(typed: str) -> str:
    """As it is printed. Raises NameRefused."""
    name = " ".join(unicodedata.normalize("NFC", typed.translate(_WRITTEN_AS)).split())
    letters = sum(sign.isalpha() for sign in name)
    good = all(
        sign.isalpha() or unicodedata.category(sign).startswith("M") or sign in _BETWEEN for sign in name
    )
    if not good or not letters >= SHORTEST or len(name) > LONGEST:
        raise NameRefused(NAME_WANTED)
    return name


def attest(training: Training, course: Course, name: str) -> Attestation:
    """Of the version that was finished. The same name gets the attestation that it had, whenever it asks again.

    In a transaction of the caller, who has named the progress. Raises NameRefused.
    """
    assert course.finished is not None  # noqa: S101  (the view asks nothing for who has not finished)
    # Two taps at once are one attestation.
    Training.objects.select_for_update(no_key=True, of=("self",)).get(pk=training.pk)
    held: list[Attestation] = Attestation.objects.of_progress(training.pk, course.steps.ids)
    for attestation in held:
        if attestation.bears(name):
            if attestation.withdrawn_at is not None:
                raise NameRefused(WITHDRAWN)
            return attestation
    if len(held) >= MOST:
        raise NameRefused(TOO_MANY)
    code = new_code()
    version = course.steps.version or course.version
    made: Attestation = Attestation.objects.create(
        code=code,
        training=training,
        title=title_of(training, course),
        version_on=version.published,
        minutes=version.minutes,
        modules=version.modules,
        finished_on=course.finished,
        name_hash=name_hash(code, name),
        progress_hash=progress_hash(training.pk, course.steps.ids[0]),
    )
    return made


def title_of(training: Training, course: Course) -> str:
    """As it was called when it was finished."""
    revision = (course.steps.version or course.version).revision
    return titles_in([revision]).get(revision) or training.title


@dataclass(frozen=True)
class Verdict:
    """`attestation` is None when nothing matches: no word says whether the code or the name was wrong."""

    attestation: Attestation | None

    @property
    def valid(self) -> bool:
        return self.attestation is not None and self.attestation.withdrawn_at is None

    @property
    def withdrawn(self) -> bool:
        return self.attestation is not None and not self.valid


def verify(code: str, name: str) -> Verdict:
    return Verdict(Attestation.objects.matching(code, name))


def withdraw(code: str, reason: str, by: User) -> Attestation | None:
    """By its code alone: the coordination knows no name. None when there is none; once is enough."""
    found: Attestation | None = Attestation.objects.filter(code=code_of(code)).first()
    if found is not None and found.withdrawn_at is None:
        found.withdrawn_at, found.withdrawn_for, found.withdrawn_by = timezone.now(), reason, by
        found.save(update_fields=["withdrawn_at", "withdrawn_for", "withdrawn_by"])
    return found
