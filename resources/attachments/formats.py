"""The formats that an item may carry, each declared once: extension, content type, wording, inner signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Container(Enum):
    """What the bytes of a format are, before its own signature is looked for."""

    PDF = "pdf"
    OPEN_DOCUMENT = "open-document"
    OFFICE_OPEN_XML = "office-open-xml"


@dataclass(frozen=True)
class Format:
    """`signature`: the `mimetype` entry of an OpenDocument file, the main part's content type of an Office file."""

    extension: str
    label: str
    content_type: str
    container: Container
    signature: str = ""


def _open_document(extension: str, label: str, name: str) -> Format:
    kind = f"application/vnd.oasis.opendocument.{name}"
    return Format(extension, label, kind, Container.OPEN_DOCUMENT, kind)


def _office(extension: str, label: str, name: str) -> Format:
    kind = f"application/vnd.openxmlformats-officedocument.{name}"
    return Format(extension, label, kind, Container.OFFICE_OPEN_XML, f"{kind}.main+xml")


FORMATS = (
    Format("pdf", "PDF", "application/pdf", Container.PDF),
    _open_document("odt", "Texte ODT", "text"),
    _open_document("ods", "Tableur ODS", "spreadsheet"),
    _open_document("odp", "Diaporama ODP", "presentation"),
    _office("docx", "Texte DOCX", "wordprocessingml.document"),
    _office("xlsx", "Tableur XLSX", "spreadsheetml.sheet"),
    _office("pptx", "Diaporama PPTX", "presentationml.presentation"),
)
BY_EXTENSION = {each.extension: each for each in FORMATS}
BY_CONTENT_TYPE = {each.content_type: each for each in FORMATS}
#: As an error message says it.
ACCEPTED = "PDF, ODT, ODS, ODP, DOCX, XLSX ou PPTX"
