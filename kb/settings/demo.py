"""The quickstart: SQLite, the embedded index, DEBUG off, loopback only, mails on the console."""

from __future__ import annotations

from . import environment
from .base import *  # noqa: F403

SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *environment.ALLOWED_HOSTS]
SITE_IS_DEMONSTRATION = True
SITE_CONTACT = environment.CONTACT_EMAIL or "coordination@demo.example"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
