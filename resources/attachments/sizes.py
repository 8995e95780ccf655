"""How large a file is, as a person says it."""

from __future__ import annotations

from django.utils.formats import number_format


def human_size(size: int) -> str:
    """« 812 octets », « 34 ko », « 1,2 Mo », with a non-breaking space; 1,024 of each, as file explorers count."""
    if size < 1024:
        return f"{size}\u00a0octet{'s' if size > 1 else ''}"
    kilobytes = round(size / 1024)
    if kilobytes < 1024:
        return f"{kilobytes}\u00a0ko"
    return f"{number_format(round(size / 1024**2, 1), 1).removesuffix(',0')}\u00a0Mo"
