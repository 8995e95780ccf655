"""What every way of running Vivier shares. Rules with a reason; anything else is Django's or Wagtail's default."""

from __future__ import annotations

from typing import Any

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE

from . import environment
from .environment import ROOT, VAR_DIR

BASE_DIR = ROOT
SECRET_KEY = ""  # every settings module gives its own
DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"

INSTALLED_APPS = [
    "kb.core",
    "kb.vocabulary",
    "kb.poles",
    "kb.accounts",
    "kb.moderation",
    "resources",
    "search",
    "kb.learning",
    "kb.home",
    "kb.loading",
    "wagtail.contrib.redirects",
    "kb.accounts.wagtail_users.PeopleConfig",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kb.core.admin_policy.AdminContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "resources.admin_gate.AdminGate",  # before the one that calls the view
    "kb.core.transactions.UnsafeMethodsInTransaction",
    "resources.redirection.ReadableRedirects",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kb.core.context.site",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """PostgreSQL from a URL, or SQLite set for several writers: with the defaults, six lost 132 writes of 150."""
    if url:
        return dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "vivier.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": database(environment.DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by every worker: allauth counts its attempts here, and a school shares one IP address.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Limits are counted here: with Django's 300 a flood of other keys would throw a counter out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [ROOT / "kb" / "static"]
MEDIA_ROOT = VAR_DIR / "media"
# Nothing under MEDIA_ROOT is served by path: this address exists for Wagtail's admin alone and no route answers it.
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
#: Largest file of an item, in bytes.
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited; there is no sign-up page yet
ACCOUNT_ADAPTER = "kb.accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# Who has no account gets no mail: the page says the same, and nobody makes Vivier write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A whole school shares one IP address: what locks is the account (key), an address only floods.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "5/5m/key",
    "reset_password": "60/m/ip,3/5m/key",
    "reset_password_from_key": "60/m/ip",
    # Ours (kb.learning), counted by the same code. A sheet that is sent again; names guessed at a code; mails to one
    # address; the rest is flooding.
    "module_count": "240/h/ip,1/d/key",
    "attestation_check": "600/h/ip,10/h/key",
    "attestation_issue": "300/h/ip",
    "progress_mail": "120/h/ip,3/h/key",
    "invitation_accept": "300/h/ip",
}

SESSION_ENGINE = "kb.core.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kb.home.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview is a frame of the same site
SECURE_REFERRER_POLICY = "same-origin"
# Only forms are posted, never megabytes of them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's own advice for long page forms

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}
#: Replaces the policy above under /admin/: Wagtail's own pages need inline scripts and styles (kb.core.admin_policy).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-src": [SELF],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
}

#: Empty: the secret key (kb.learning).
ATTESTATION_KEY = environment.ATTESTATION_KEY

SITE_IS_DEMONSTRATION = environment.DEMONSTRATION
SITE_CONTACT = environment.CONTACT_EMAIL

WAGTAIL_SITE_NAME = "Vivier"
WAGTAILADMIN_BASE_URL = environment.SITE_URL or f"http://127.0.0.1:{environment.PORT}"
WAGTAILADMIN_LOGIN_URL = "/connexion/"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français")]
WAGTAIL_USER_TIME_ZONES = ["Europe/Paris"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Who gets an account chooses the first password by « Mot de passe oublié »: nobody else ever knows one.
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# An accidental revision every half second would make an author of whoever only looks.
WAGTAIL_AUTOSAVE_INTERVAL = 0
# Review: approval publishes exactly the approved revision (kb.moderation.publishing).
WAGTAIL_FINISH_WORKFLOW_ACTION = "kb.moderation.publishing.publish_approved"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# Comments on a draft travel in its revision and their mails are not ours.
WAGTAILADMIN_COMMENTS_ENABLED = False
# « all » would tell the title of the page behind an address that somebody types.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "never"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILREDIRECTS_AUTO_CREATE = True

ELASTICSEARCH_URL = environment.ELASTICSEARCH_URL
SEARCH_INDEX_DIR = VAR_DIR / "index"
SEARCH_INDEX_PREFIX = environment.SEARCH_INDEX_PREFIX
#: Where drains take turns on SQLite (a file lock); PostgreSQL has advisory locks.
LOCK_DIR = VAR_DIR / "locks"

EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = environment.DEFAULT_FROM_EMAIL or "Vivier <vivier@localhost>"
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "vivier": {"level": "INFO"},
        # Two lines a task would bury the demo's passwords and mails.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
