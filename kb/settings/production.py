"""Production: everything comes from the environment, and what is missing stops the start with its name."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment
from .base import *  # noqa: F403

for name in ("DATABASE_URL", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"):
    if not getattr(environment, name):
        raise ImproperlyConfigured(f"{name} is not set: see README.md, « Production ».")

SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.ALLOWED_HOSTS

_mail = urlsplit(environment.EMAIL_URL)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and EMAIL_HOST not in ("localhost", "127.0.0.1")

# Behind proxies the address of a visitor is the last that the nearest one wrote: without it one visitor who floods
# would close the sign-in to all.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.TRUSTED_PROXIES

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [environment.SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
