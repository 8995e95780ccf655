"""May this file be attached? By its name and by its content, which must say the same. Nothing is stored here."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from django.conf import settings

from . import refusals
from .archives import open_archive, read_part
from .formats import BY_EXTENSION, FORMATS, Container, Format
from .names import clean_name, extension_of

#: How a PDF names its protection, in the trailer or in a cross-reference stream.
_PDF_ENCRYPTION = re.compile(rb"/Encrypt(?:\s+\d+\s+\d+\s+R\b|\s*<<)")
_OVERLAP = 64
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Accepted:
    """What is known of a file that may be attached."""

    format: Format
    name: str
    size: int


def accept(file: IO[bytes], name: str, shown_as: str = "") -> Accepted:
    """Looks at `file` (seekable; left at its start) called `name`; raises a ValidationError in French.

    `shown_as`: the name that the person wants shown, by default the file's own.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise refusals.empty()
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise refusals.too_large(settings.ATTACHMENT_MAX_BYTES)
    extension = extension_of(name)
    announced = BY_EXTENSION.get(extension)
    if announced is None:
        if extension in ("docm", "xlsm", "pptm", "dotm", "xltm", "potm", "ppsm", "xlam", "xlsb"):
            raise refusals.macros()
        raise refusals.unknown_format(extension)
    found = _format_of(file, announced)
    file.seek(0)
    if found is not announced:
        raise refusals.other_content(announced.extension, found.extension if found else "")
    return Accepted(found, clean_name(shown_as or name, found.extension), size)


def _format_of(file: IO[bytes], announced: Format) -> Format | None:
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"%PDF-"):
        if _is_encrypted_pdf(file):
            raise refusals.protected()
        return BY_EXTENSION["pdf"]
    if start == _OLD_OFFICE and announced.container is Container.OFFICE_OPEN_XML:
        raise refusals.protected()  # a password makes of a .docx an old-style container
    if not start.startswith(b"PK\3\4"):
        return None
    archive = open_archive(file)
    return _open_document_format(archive) or _office_format(archive)


def _is_encrypted_pdf(file: IO[bytes]) -> bool:
    kept = b""
    while piece := file.read(_PIECE):
        if _PDF_ENCRYPTION.search(kept + piece):
            return True
        kept = piece[-_OVERLAP:]
    return False


def _open_document_format(archive: zipfile.ZipFile) -> Format | None:
    kind = read_part(archive, "mimetype")
    found = next(
        (
            f
            for f in FORMATS
            if f.container is Container.OPEN_DOCUMENT and f.signature.encode() == kind.strip()
        ),
        None,
    )
    if found is None:
        return None
    names = archive.namelist()
    if "encrypted-package" in names or b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
        raise refusals.protected()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise refusals.macros()
    return found if "content.xml" in names else None


def _office_format(archive: zipfile.ZipFile) -> Format | None:
    declared = _declared_types(read_part(archive, "[Content_Types].xml"))
    names = [name.lower() for name in archive.namelist()]
    if any(mark in kind for kind in declared for mark in _MACRO_TYPES) or any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names
    ):
        raise refusals.macros()
    found = [f for f in FORMATS if f.container is Container.OFFICE_OPEN_XML and f.signature in declared]
    return found[0] if len(found) == 1 else None


class _DocumentTypeFoundError(Exception):
    """No office program writes one; entities live there."""


def _declared_types(source: bytes) -> frozenset[str]:
    """The content types, in lower case, that an Office file declares for its parts."""
    types: set[str] = set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        types.add(attributes.get("ContentType", "").lower())

    def refuse(*args: object) -> None:
        raise _DocumentTypeFoundError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(source, True)
    except (expat.ExpatError, _DocumentTypeFoundError):
        return frozenset()
    return frozenset(types)
