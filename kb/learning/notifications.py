"""The mail with which somebody takes their progress along."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from kb.core.mail import Notification

from .cookie import to_link
from .progress import Progress


@dataclass
class Stranger:
    """Who typed an address, and has no account that would be asked."""

    email: str
    is_active: bool = True


class ProgressLink(Notification):
    """To oneself. The mail names no training; who opens the link sees which ones were followed."""

    room = "learning"
    name = "progress"

    @classmethod
    def of(cls, progress: Progress) -> ProgressLink:
        return cls(link=reverse("progress-resume", args=[to_link(progress)]))
