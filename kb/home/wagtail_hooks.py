from __future__ import annotations

from wagtail import hooks

from .serving import guard

# Before Wagtail's own hook, which answers OPTIONS: « 200 » would tell that an unreadable page exists.
hooks.register("before_serve_page", guard, order=-10)
