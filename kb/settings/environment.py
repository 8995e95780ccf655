"""The one place that reads the environment. Every name that Vivier understands is a line here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Everything that a running site writes: database, index, files, key. Ignored by git.
VAR_DIR = Path(os.environ.get("VIVIER_VAR_DIR") or ROOT / "var")

#: Empty: SQLite under VAR_DIR.
DATABASE_URL = os.environ.get("DATABASE_URL", "")

#: Empty: the embedded engine under VAR_DIR.
ELASTICSEARCH_URL = os.environ.get("ELASTICSEARCH_URL", "")
SEARCH_INDEX_PREFIX = os.environ.get("SEARCH_INDEX_PREFIX", "vivier")

#: The address that mails, feeds and the site map carry.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]

#: Proxies between visitors and Vivier that write X-Forwarded-For.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 1)

#: smtp://user:password@host:port, smtps:// for TLS from the start; empty: production refuses to start.
EMAIL_URL = os.environ.get("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "")

#: The demo's own port, as in `make demo`.
PORT = os.environ.get("PORT", "8000")

#: Where people write to the coordination; empty: pages name it without an address.
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")

#: « 1 »: every page says that what the site holds is fictitious (`make demo` always says it).
DEMONSTRATION = os.environ.get("DEMONSTRATION", "") == "1"

#: One password for all demo accounts instead of generated ones.
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "")

#: What names on attestations are hashed with; empty: the secret key, whose change then makes them unverifiable.
ATTESTATION_KEY = os.environ.get("ATTESTATION_KEY", "")

#: Number of the test process, given by pytest-xdist; empty outside it.
TEST_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def secret_key() -> str:
    """SECRET_KEY, or a key generated once into an ignored file that only its owner can read."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = VAR_DIR / "secret-key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: two processes that start together agree on one key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()
