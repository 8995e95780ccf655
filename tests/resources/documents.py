"""Small real documents, and hostile ones, built in memory."""

from __future__ import annotations

import io
import zipfile

ODF = "application/vnd.oasis.opendocument."
OOXML = "application/vnd.openxmlformats-officedocument."
ODF_KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
OOXML_KINDS = {
    "docx": ("wordprocessingml.document", "word/document.xml"),
    "xlsx": ("spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": ("presentationml.presentation", "ppt/presentation.xml"),
}

Parts = dict[str, bytes]


def pdf(text: str = "Bonjour") -> bytes:
    return f"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n% {text}\ntrailer << /Root 1 0 R >>\n%%EOF\n".encode()


def encrypted_pdf() -> bytes:
    return pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R")


def odf_parts(extension: str) -> Parts:
    return {
        "mimetype": (ODF + ODF_KINDS[extension]).encode(),
        "content.xml": b"<office:document-content/>" + b"<p>Bonjour</p>" * 20,
        "META-INF/manifest.xml": b"<manifest:manifest/>",
    }


def ooxml_parts(extension: str) -> Parts:
    kind, main = OOXML_KINDS[extension]
    types = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{OOXML}{kind}.main+xml"/></Types>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": b"<Relationships/>",
        main: b"<document/>" * 20,
    }


def packed(parts: Parts) -> bytes:
    """A ZIP archive; the `mimetype` entry is stored, as OpenDocument wants it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(
                name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def document(extension: str) -> bytes:
    """A small, sound document of this format."""
    if extension == "pdf":
        return pdf()
    return packed(odf_parts(extension) if extension in ODF_KINDS else ooxml_parts(extension))


def with_bytes_changed(archive: bytes, offset_from_mark: int, mark: bytes, new: bytes) -> bytes:
    """`archive` with `new` written at an offset from the last occurrence of `mark`."""
    at = archive.rindex(mark) + offset_from_mark
    return archive[:at] + new + archive[at + len(new) :]
