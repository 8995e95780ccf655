"""Puts an accepted file on disk under a random name, and its row beside it."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

from kb.accounts.models import User

from .accepting import accept
from .models import Attachment, AttachmentRole, random_path

_PIECE = 1024 * 1024


def store(file: IO[bytes], name: str, role: str, user: User | None, shown_as: str = "") -> Attachment:
    """A new `Attachment` from a seekable `file` called `name`; raises ValidationError when it is refused.

    Should the transaction roll back later, the bytes stay without a row until the sweep (`jobs`) takes them.
    """
    accepted = accept(file, name, shown_as)
    attachment = Attachment(
        name=accepted.name,
        role=AttachmentRole(role),
        size=accepted.size,
        content_type=accepted.format.content_type,
        sha256=_digest(file),
        uploaded_by=user,
    )
    path = default_storage.save(random_path(attachment, accepted.name), File(file))
    try:
        attachment.file = path
        attachment.save()
    except BaseException:
        default_storage.delete(path)
        raise
    return attachment


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
