"""An attestation: what is printed on it, but the name, of which only a keyed hash is kept."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

#: Neither I, L, O nor U: nothing to confuse when it is read aloud (Crockford's base 32). 60 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READ_AS = str.maketrans("ILO", "110")


def new_code() -> str:
    return get_random_string(LENGTH, ALPHABET)


def code_of(typed: str) -> str:
    """As it is kept, whatever spaces, hyphens and small letters it was typed with."""
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)[:LENGTH]


def progress_hash(training_id: int, id_: str) -> str:
    """Of a word that names the progress (progress.Steps.ids): it leads neither to the progress nor to others."""
    return _hash("vivier.attestation.progress", f"{training_id}\n{id_}")


def name_hash(code: str, name: str) -> str:
    """Of a name as it was printed: capitals, accents, hyphens and apostrophes do not part it from itself.

    The code goes in too: one name has another hash on each attestation, so that rows cannot be joined by it.
    """
    apart = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))
    key = " ".join(bare.split())
    return _hash("vivier.attestation", f"{code}\n{key}")


def _hash(salt: str, text: str) -> str:
    secret = settings.ATTESTATION_KEY or settings.SECRET_KEY
    return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def matching(self, code: str, name: str) -> Attestation | None:
        """The one with this code that bears this name; as long to say when there is none with the code."""
        found = self.filter(code=code_of(code)).first()
        wanted = name_hash(code_of(code), name)
        held = found.name_hash if found else "0" * len(wanted)
        return found if hmac.compare_digest(held, wanted) and found else None

    def of_progress(self, training_id: int, ids: Iterable[str]) -> list[Attestation]:
        return list(self.filter(progress_hash__in=[progress_hash(training_id, id_) for id_ in ids]))


class Attestation(models.Model):
    code = models.CharField("code", max_length=LENGTH, unique=True, default=new_code, editable=False)
    training = models.ForeignKey(
        "resources.Training", on_delete=models.SET_NULL, null=True, related_name="attestations"
    )
    title = models.CharField("formation", max_length=255)
    version_on = models.DateField("version du")
    minutes = models.PositiveSmallIntegerField("durée, en minutes")
    modules = models.PositiveSmallIntegerField("modules")
    finished_on = models.DateField("terminée le")
    issued_on = models.DateField("délivrée le", default=timezone.localdate)
    name_hash = models.CharField(max_length=64, editable=False)
    progress_hash = models.CharField(max_length=64, default="", editable=False, db_index=True)
    """What was attested once under a name is found again, also by a copy of the progress."""
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_for = models.CharField("motif du retrait", max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        verbose_name_plural = "attestations"
        ordering = ("-issued_on", "-pk")

    def __str__(self) -> str:
        return self.printed_code

    def bears(self, name: str) -> bool:
        return hmac.compare_digest(self.name_hash, name_hash(self.code, name))

    @property
    def printed_code(self) -> str:
        return "-".join(self.code[start : start + 4] for start in range(0, LENGTH, 4))
