"""Opens a document that is a ZIP archive, and only one that cannot hurt whoever reads it.

What the archive says of itself is looked at first, then every entry is read once in small pieces and thrown away:
sizes are counted, never believed. Nothing is ever written to disk.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

from . import refusals

MAX_ENTRIES = 3_000
MAX_UNPACKED = 200 * 1000 * 1000
#: Of the whole archive. Spreadsheets reach 20; the archives made to fill a disk start near 1,000.
MAX_RATIO = 100
#: Below this size a large ratio hurts nobody: a page of spaces is no attack.
RATIO_MATTERS_FROM = 10 * 1000 * 1000
#: The list of entries: it is read whole into memory before anything can be counted.
MAX_DIRECTORY = MAX_ENTRIES * 512
#: Entries that are read as a whole (types, manifest).
MAX_PART = 2 * 1000 * 1000

_PIECE = 64 * 1024
_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_SIZE = 20
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive, entirely checked; raises ValidationError."""
    _check_end(file)
    try:
        archive = zipfile.ZipFile(file)
        _check_directory(archive)
        _check_entries(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise refusals.damaged() from error
    except RuntimeError as error:  # zipfile's own word for « encrypted »
        raise refusals.protected() from error
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry of a checked archive; empty when it is missing."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return b""
    if info.file_size > MAX_PART:
        raise refusals.too_much_inside()
    return archive.read(info)


def _check_end(file: IO[bytes]) -> None:
    """The last 22 bytes describe the list of entries: its size is checked before `zipfile` loads it.

    Only the plain form is accepted (no comment, no 64-bit record): what office programs write, and the only one
    that every reader understands in the same way.
    """
    size = file.seek(0, 2)
    if size < _END.size:
        raise refusals.damaged()
    start = max(0, size - _END.size - _ZIP64_LOCATOR_SIZE)
    file.seek(start)
    tail = file.read(size - start)
    file.seek(0)
    mark, _, _, _, entries, directory_size, _, comment_length = _END.unpack(tail[-_END.size :])
    if mark != b"PK\5\6" or comment_length or tail.startswith(b"PK\6\7"):
        raise refusals.damaged()
    if entries > MAX_ENTRIES or directory_size > MAX_DIRECTORY:
        raise refusals.too_much_inside()


def _check_directory(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    if any(info.flag_bits & 0x1 for info in infos):
        raise refusals.protected()
    names = [info.filename for info in infos]
    if (
        not names
        or len(set(names)) != len(names)  # two readers would see two documents
        or any(info.compress_type not in _COMPRESSIONS for info in infos)
        or any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
    ):
        raise refusals.damaged()
    packed = sum(info.compress_size for info in infos)
    unpacked = sum(info.file_size for info in infos)
    if (
        len(infos) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED
        or (unpacked > RATIO_MATTERS_FROM and unpacked > packed * MAX_RATIO)
    ):
        raise refusals.too_much_inside()


def _check_entries(archive: zipfile.ZipFile) -> None:
    """Reads all of it: an entry longer or shorter than it says, or with a wrong checksum, is refused."""
    for info in archive.infolist():
        announced = info.file_size
        # zipfile stops at the announced size: one more byte shows a longer stream.
        info.file_size = announced + 1
        try:
            with archive.open(info) as stream:
                found = 0
                while piece := stream.read(_PIECE):
                    found += len(piece)
        finally:
            info.file_size = announced
        if found != announced:
            raise refusals.damaged()
