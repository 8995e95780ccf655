"""What every template may ask of the site itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_contact` is an address, or empty."""
    return {
        "site_is_demonstration": settings.SITE_IS_DEMONSTRATION,
        "site_contact": settings.SITE_CONTACT,
    }
