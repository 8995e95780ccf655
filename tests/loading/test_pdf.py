from __future__ import annotations

from kb.loading.pdf import to_pdf

SOURCE = """# Titre « é »

Un **mot** d’une
ligne.

- □ une case
- deux

1. un
2. deux
"""


def test_the_same_text_gives_the_same_file() -> None:
    first = to_pdf(SOURCE, "Titre")
    assert first.startswith(b"%PDF-")
    assert first == to_pdf(SOURCE, "Titre")
    assert first != to_pdf(SOURCE + "De plus.", "Titre")


def test_its_language_is_said() -> None:
    assert b"/Lang" in to_pdf(SOURCE, "Titre")
