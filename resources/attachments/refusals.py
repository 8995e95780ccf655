"""Why a file is refused, in words that say what to do."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from .formats import ACCEPTED
from .sizes import human_size

AGAIN = "puis déposez-le à nouveau."


def refusal(code: str, message: str) -> ValidationError:
    return ValidationError(message, code=code)


def unknown_format(extension: str) -> ValidationError:
    what = f"« .{extension} »" if extension else "sans extension"
    return refusal(
        "format",
        f"Un fichier {what} n’est pas accepté. Enregistrez votre document au format {ACCEPTED}, {AGAIN}",
    )


def other_content(announced: str, found: str = "") -> ValidationError:
    is_a = (
        f"est en réalité un fichier {found.upper()}" if found else f"n’est pas un fichier {announced.upper()}"
    )
    return refusal(
        "content",
        f"Ce fichier se nomme « .{announced} » mais {is_a}. Ouvrez-le dans votre logiciel, enregistrez-le au format "
        f"{ACCEPTED}, {AGAIN}",
    )


def too_large(limit: int) -> ValidationError:
    return refusal(
        "size",
        f"Ce fichier dépasse {human_size(limit)}. Allégez-le (images plus petites, pages en moins) ou partagez-le "
        f"en plusieurs fichiers, {AGAIN}",
    )


def empty() -> ValidationError:
    return refusal("empty", "Ce fichier est vide. Vérifiez-le dans votre logiciel, enregistrez-le, " + AGAIN)


def damaged() -> ValidationError:
    return refusal(
        "damaged",
        "Ce fichier est abîmé ou incomplet. Ouvrez-le dans votre logiciel, enregistrez-le, " + AGAIN,
    )


def protected() -> ValidationError:
    return refusal(
        "protected",
        "Ce fichier est protégé par un mot de passe ou verrouillé. Enregistrez-le sans protection, " + AGAIN,
    )


def macros() -> ValidationError:
    return refusal("macros", "Ce fichier contient des macros. Enregistrez-le sans macros, " + AGAIN)


def too_much_inside() -> ValidationError:
    return refusal(
        "bomb",
        "Ce fichier est petit mais devient énorme quand on l’ouvre : il est refusé par prudence. Allégez son contenu "
        "ou enregistrez-le en PDF, " + AGAIN,
    )
