"""Bytes without a row: what a transaction that rolled back left on disk."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from kb.core.jobs import Job, register

from .models import FOLDER, Attachment

#: An upload that is still being saved is younger than this.
SPARED = timedelta(days=1)


def sweep() -> str:
    """Deletes the files older than a day that no row names; rows are never touched."""
    swept = 0
    for folder in _folders():
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in sorted(names - known):
            if timezone.now() - default_storage.get_modified_time(name) > SPARED:
                default_storage.delete(name)
                swept += 1
    return f"{swept} fichier(s) sans fiche effacé(s) du disque."


def _folders() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    return sorted(f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[0])


def register_all() -> None:
    register(Job("attachments", timedelta(hours=24), sweep))
