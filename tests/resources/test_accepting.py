"""What may be attached, by name and by content; every refusal says in French what to do."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from resources.attachments import archives
from resources.attachments.accepting import accept
from resources.attachments.formats import BY_EXTENSION
from tests.resources.documents import (
    OOXML,
    OOXML_KINDS,
    document,
    encrypted_pdf,
    odf_parts,
    ooxml_parts,
    packed,
    pdf,
    with_bytes_changed,
)

CENTRAL = b"PK\1\2"
END = b"PK\5\6"


def refused(content: bytes, name: str) -> str:
    """The code of the refusal; its message must say what to do."""
    with pytest.raises(ValidationError) as caught:
        accept(io.BytesIO(content), name)
    (message,) = caught.value.messages
    assert "nouveau." in message
    assert str(caught.value.code)
    return str(caught.value.code)


@pytest.mark.parametrize("extension", sorted(BY_EXTENSION))
def test_each_format_is_accepted_under_its_own_name(extension: str) -> None:
    content = document(extension)
    file = io.BytesIO(content)
    accepted = accept(file, f"Fiche élève.{extension.upper()}")
    assert accepted.format is BY_EXTENSION[extension]
    assert accepted.name == f"Fiche élève.{extension}"
    assert accepted.size == len(content)
    assert file.tell() == 0


@pytest.mark.parametrize("extension", sorted(BY_EXTENSION))
@pytest.mark.parametrize("announced", sorted(BY_EXTENSION))
def test_name_and_content_must_agree(extension: str, announced: str) -> None:
    if extension != announced:
        assert refused(document(extension), f"fiche.{announced}") == "content"


@pytest.mark.parametrize(
    "name",
    [
        "page.html",
        "photo.jpg",
        "virus.exe",
        "fiche",
        ".pdf",
        "fiche.pdf.exe",
        "fiche.",
        "image.svg",
        "x.doc",
        "x.zip",
    ],
)
def test_other_extensions_are_refused(name: str) -> None:
    assert refused(pdf(), name) == "format"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"\n%PDF-1.7",
        b"GIF89a%PDF-1.7",
        b"MZ\x90\x00",
        b"%PDF",
        b"PK",
        packed({"a.txt": b"bonjour"}),
        packed({"mimetype": b"application/vnd.oasis.opendocument.text-template", "content.xml": b"<a/>"}),
        packed({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        packed({"[Content_Types].xml": b"<Types/>"}),
        packed({"[Content_Types].xml": b"not xml"}),
    ],
)
@pytest.mark.parametrize("extension", ["pdf", "odt", "docx"])
def test_content_that_is_no_document_is_refused_whatever_its_name(content: bytes, extension: str) -> None:
    assert refused(content, f"fiche.{extension}") == "content"


def test_an_empty_file_is_refused() -> None:
    assert refused(b"", "fiche.pdf") == "empty"


def test_the_size_is_capped_to_the_byte(settings: LazySettings) -> None:
    settings.ATTACHMENT_MAX_BYTES = len(pdf())
    assert accept(io.BytesIO(pdf()), "fiche.pdf").size == len(pdf())
    assert refused(pdf() + b"\n", "fiche.pdf") == "size"


def test_the_size_is_looked_at_before_the_content(settings: LazySettings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10
    assert refused(b"no document at all", "fiche.pdf") == "size"


# Macros and passwords -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["docm", "xlsm", "pptm", "dotm"])
def test_the_names_of_macro_files_are_refused(extension: str) -> None:
    assert refused(document("docx"), f"fiche.{extension}") == "macros"


@pytest.mark.parametrize(
    ("extension", "name", "content"),
    [
        ("docx", "word/vbaProject.bin", b"x"),
        ("xlsx", "xl/macrosheets/sheet1.xml", b"<x/>"),
        ("pptx", "ppt/vbaData.xml", b"<x/>"),
        ("odt", "Basic/Standard/script-lb.xml", b"<x/>"),
        ("ods", "Scripts/python/macro.py", b"import os"),
    ],
)
def test_macros_inside_are_refused(extension: str, name: str, content: bytes) -> None:
    parts = odf_parts(extension) if extension.startswith("od") else ooxml_parts(extension)
    assert refused(packed({**parts, name: content}), f"fiche.{extension}") == "macros"


def test_a_macro_document_renamed_is_refused() -> None:
    parts = ooxml_parts("docx")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert refused(packed(parts), "fiche.docx") == "macros"


def test_protected_documents_are_refused() -> None:
    assert refused(encrypted_pdf(), "fiche.pdf") == "protected"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "fiche.docx") == "protected"
    manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert (
        refused(packed({**odf_parts("odt"), "META-INF/manifest.xml": manifest}), "fiche.odt") == "protected"
    )
    assert refused(packed({**odf_parts("odt"), "encrypted-package": b"x"}), "fiche.odt") == "protected"


def test_a_long_pdf_is_searched_to_its_end_and_across_pieces() -> None:
    filling = b"x" * (1024 * 1024 - 30)
    for shift in range(40):
        content = b"%PDF-1.7\n" + filling + b"y" * shift + b"\ntrailer << /Encrypt 12 0 R >>\n%%EOF"
        assert refused(content, "fiche.pdf") == "protected", shift


def test_words_about_encryption_in_a_pdf_are_no_encryption() -> None:
    assert (
        accept(io.BytesIO(pdf("/EncryptMetadata true /Encrypted words")), "fiche.pdf").format.extension
        == "pdf"
    )


def test_an_encrypted_archive_is_refused() -> None:
    archive = packed(odf_parts("odt"))
    flagged = with_bytes_changed(archive, 8, CENTRAL, b"\x01\x00")
    assert refused(flagged, "fiche.odt") == "protected"


# Archives that hurt ---------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_by_what_it_announces() -> None:
    bomb = packed({**ooxml_parts("docx"), "word/media/a.bin": bytes(archives.RATIO_MATTERS_FROM + 1)})
    assert len(bomb) < 50_000
    assert refused(bomb, "fiche.docx") == "bomb"


def test_a_bomb_costs_no_memory() -> None:
    bomb = packed({**ooxml_parts("docx"), "word/media/a.bin": bytes(60_000_000)})
    tracemalloc.start()
    try:
        assert refused(bomb, "fiche.docx") == "bomb"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_refused_after_as_many_bytes_as_it_announced() -> None:
    content = bytes(30_000_000)
    archive = packed({**ooxml_parts("docx"), "word/media/a.bin": content})
    lying = with_bytes_changed(archive, 24, CENTRAL, struct.pack("<L", 1000))
    # With the checksum of what it announces: a reader that stops there sees a sound document.
    lying = with_bytes_changed(lying, 16, CENTRAL, struct.pack("<L", zipfile.crc32(content[:1000])))
    tracemalloc.start()
    try:
        assert refused(lying, "fiche.docx") == "damaged"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    many = packed({f"{number}.xml": b"" for number in range(archives.MAX_ENTRIES + 1)})
    assert refused(many, "fiche.docx") == "bomb"


def test_a_long_list_that_announces_few_entries_is_refused() -> None:
    archive = packed({"a" * 60_000 + str(number): b"" for number in range(30)})
    lying = with_bytes_changed(archive, 8, END, struct.pack("<HH", 1, 1))
    assert refused(lying, "fiche.docx") == "bomb"


def test_entries_that_share_their_bytes_are_refused() -> None:
    """One compressed kernel announced many times: each is small, their sum is not."""
    archive = packed({"big.bin": bytes(9_000_000)})
    start, end = archive.index(CENTRAL), archive.rindex(END)
    entry = archive[start:end]
    entries = b"".join(entry.replace(b"big.bin", f"{number:03}.bin".encode()) for number in range(200))
    directory_end = struct.pack("<4s4H2LH", END, 0, 0, 200, 200, len(entries), start, 0)
    assert refused(archive[:start] + entries + directory_end, "fiche.odt") in ("bomb", "damaged")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word/../../x", "word\\..\\x"])
def test_names_that_climb_out_are_refused(name: str) -> None:
    assert refused(packed({**ooxml_parts("docx"), name: b"x"}), "fiche.docx") == "damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(packed(odf_parts("odt")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("content.xml", "another document")
    assert refused(buffer.getvalue(), "fiche.odt") == "damaged"


def test_a_comment_a_64_bit_record_or_a_cut_end_is_refused() -> None:
    archive = packed(odf_parts("odt"))
    with_comment = archive[:-2] + struct.pack("<H", 5) + b"hello"
    assert refused(with_comment, "fiche.odt") == "damaged"
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 0, 0)
    at = archive.rindex(END)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    assert refused(archive[:at] + record + locator + archive[at:], "fiche.odt") == "damaged"
    for cut in (1, 22, 60, len(archive) - 30):
        assert refused(archive[:-cut], "fiche.odt") == "damaged"


def test_a_damaged_entry_is_refused() -> None:
    archive = packed(odf_parts("odt"))
    at = archive.index(b"content.xml") + len(b"content.xml") + 3
    assert refused(archive[:at] + b"\xff\xff\xff" + archive[at + 3 :], "fiche.odt") == "damaged"


def test_other_compressions_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in odf_parts("odt").items():
            archive.writestr(name, content)
    assert refused(buffer.getvalue(), "fiche.odt") == "damaged"


def test_entities_in_the_list_of_types_are_not_expanded() -> None:
    parts = ooxml_parts("docx")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"<Types", bomb + b"<Types", 1)
    assert refused(packed(parts), "fiche.docx") == "content"


def test_a_huge_list_of_types_is_not_read() -> None:
    parts = ooxml_parts("docx")
    parts["[Content_Types].xml"] += b" " * (archives.MAX_PART + 1)
    assert refused(packed(parts), "fiche.docx") == "bomb"


def test_a_document_of_two_kinds_is_refused() -> None:
    parts = {**ooxml_parts("docx"), **ooxml_parts("xlsx")}
    types = "".join(f'<Override ContentType="{OOXML}{kind}.main+xml"/>' for kind, _ in OOXML_KINDS.values())
    parts["[Content_Types].xml"] = f"<Types>{types}</Types>".encode()
    assert refused(packed(parts), "fiche.docx") == "content"
