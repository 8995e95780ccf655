from __future__ import annotations

import pytest

from resources.attachments.names import MAX_LENGTH, clean_name, extension_of
from resources.attachments.sizes import human_size


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Fiche élève.pdf", "Fiche élève.pdf"),
        ("Fiche e\u0301le\u0300ve.PDF", "Fiche élève.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\moi\\Carnet.pdf", "Carnet.pdf"),
        ("fiche\u202efdp.exe", "fichefdp.exe.pdf"),
        ("a\u200bb\u2066c\u2069.pdf", "abc.pdf"),
        ("un\x00deux\ntrois\r.pdf", "undeux trois.pdf"),
        ("  espaces \t partout  .pdf", "espaces partout.pdf"),
        ('<b>"titre"</b>.pdf', "b.pdf"),
        ("Qui ? Quoi : tout*.pdf", "Qui Quoi tout.pdf"),
        ("", "fichier.pdf"),
        (".pdf", "fichier.pdf"),
        ("...", "fichier.pdf"),
        ("sans extension", "sans extension.pdf"),
        ("deux.pdf.pdf", "deux.pdf.pdf"),
        ("\ud800seul.pdf", "seul.pdf"),
        ("Élève 🎓.pdf", "Élève 🎓.pdf"),
    ],
)
def test_a_name_is_cleaned(name: str, expected: str) -> None:
    cleaned = clean_name(name, "pdf")
    assert cleaned == expected
    assert clean_name(cleaned, "pdf") == cleaned


@pytest.mark.parametrize("letter", ["a", "é", "e\u0301", "🎓"])
def test_a_long_name_is_cut_and_keeps_its_extension(letter: str) -> None:
    cleaned = clean_name(letter * 400 + ".docx", "docx")
    assert len(cleaned) <= MAX_LENGTH
    assert cleaned.endswith("….docx")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.PDF", "pdf"),
        ("a.b.odt", "odt"),
        ("dossier.pdf/fichier", ""),
        ("a.p\u202edf", "pdf"),
        (".pdf", ""),
        ("a", ""),
        ("a.", ""),
        ("", ""),
    ],
)
def test_the_extension_is_what_follows_the_last_point(name: str, expected: str) -> None:
    assert extension_of(name) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0\u00a0octet"),
        (1, "1\u00a0octet"),
        (812, "812\u00a0octets"),
        (34_900, "34\u00a0ko"),
        (1_048_063, "1023\u00a0ko"),
        (1_048_064, "1\u00a0Mo"),
        (1_300_000, "1,2\u00a0Mo"),
        (20 * 1024 * 1024, "20\u00a0Mo"),
    ],
)
def test_sizes_are_said_in_french(size: int, expected: str) -> None:
    assert human_size(size) == expected
