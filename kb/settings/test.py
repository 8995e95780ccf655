"""Tests: a database and an index of their own for each process, mails kept in memory unless a test sends them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from . import environment
from .base import *  # noqa: F403

SECRET_KEY = "only the tests sign with this"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database(environment.DATABASE_URL)}  # noqa: F405
if not environment.DATABASE_URL:
    # In a file, as in the demo: an in-memory database would hide every lock.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"vivier-test-{environment.ROOT.stat().st_ino}.sqlite3")
    }

# pytest replaces these folders by temporary ones for each process (tests/conftest.py).
_scratch = Path(tempfile.gettempdir()) / f"vivier-test-{environment.TEST_WORKER or 'main'}"
MEDIA_ROOT = _scratch / "media"
SEARCH_INDEX_DIR = _scratch / "index"
LOCK_DIR = _scratch / "locks"
# Whitenoise warns about a missing folder, and warnings are errors.
STATIC_ROOT = _scratch / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
ELASTICSEARCH_URL = ""

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
