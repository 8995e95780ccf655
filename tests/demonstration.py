"""The demonstration for tests that stand on it: loaded once a run, copied wherever another file or worker wants it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

DATABASE = "demo.sqlite3"


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of this run."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demonstration"
    folder.mkdir(exist_ok=True)
    return folder


def put_demo(shared: Path) -> None:
    """The demo's database and files, where the settings want them; the database must be as the migrations left it.

    On SQLite alone, and outside any transaction.
    """
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / DATABASE).exists():
            _load_and_keep(shared)
            return
    shutil.copytree(shared / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(shared / DATABASE)) as kept:
        kept.backup(connection.connection)
    ContentType.objects.clear_cache()


def _load_and_keep(shared: Path) -> None:
    call_command("load_reference")
    call_command("load_demo")
    shutil.copytree(settings.MEDIA_ROOT, shared / "media")
    unfinished = shared / f"{DATABASE}.new"
    with closing(sqlite3.connect(unfinished)) as kept:
        connection.connection.backup(kept)
    unfinished.rename(shared / DATABASE)


def as_migrated() -> None:
    """Brings back what the migrations made, whatever the tests before left.

    The content types come first: a signal that asks for one while the others come back would make it anew, under
    another number.
    """
    contents = connection._test_serialized_contents  # type: ignore[attr-defined]
    types = [row for row in json.loads(contents) if row["model"] == "contenttypes.contenttype"]
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
    ContentType.objects.clear_cache()
    ContentType.objects.bulk_create([ContentType(pk=row["pk"], **row["fields"]) for row in types])
    connection.creation.deserialize_db_from_string(contents)
