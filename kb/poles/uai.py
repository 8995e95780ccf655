"""The code UAI of an establishment: seven digits and a check letter."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: I, O and Q could be read as digits
_FORM = re.compile(r"\d{7}[A-Z]")


def check_letter(digits: str) -> str:
    """The letter that follows seven digits: the rest of their division by 23."""
    return _LETTERS[int(digits) % 23]


def validate_uai(value: str) -> None:
    """Raises ValidationError when `value` is not a code UAI."""
    if not _FORM.fullmatch(value) or not value.isascii():
        raise ValidationError("Un code UAI compte sept chiffres et une lettre majuscule : « 0211225T ».")
    if value[7] != check_letter(value[:7]):
        raise ValidationError(
            "La lettre de contrôle de ce code UAI ne correspond pas à ses chiffres : vérifiez-les."
        )
