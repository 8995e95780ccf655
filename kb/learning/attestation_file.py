"""The attestation as a PDF that a screen reader reads (PDF/UA-1): one page, the code in letters and as a picture."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

from kb.core.typography import typeset_html

from .models import Attestation


class NoDrawing(RuntimeError):  # noqa: N818 - a lack of the machine, which `doctor` tells
    """The libraries that draw a PDF are not there."""


def attestation_pdf(attestation: Attestation, name: str, *, demonstration: bool) -> bytes:
    """`name` is printed and goes nowhere else. Raises NoDrawing on a machine without pango."""
    drawing = drawing_library()
    check = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('attestation-check')}"
    context = {
        "attestation": attestation,
        "name": name,
        "check": check,
        # The code alone: the name is never part of an address.
        "qr": segno.make(f"{check}?code={attestation.printed_code}", error="m").svg_data_uri(border=2),
        "demonstration": demonstration,
    }
    html = typeset_html(render_to_string("learning/attestation.html", context))
    # The page holds all that it needs; whatever a title or a name holds, nothing is fetched.
    fetcher = drawing.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = drawing.HTML(string=html, url_fetcher=fetcher)
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=[drawing.CSS(string=_style())]))


def drawing_library() -> Any:
    """WeasyPrint, loaded for who asks for it: a third of a second and twenty megabytes. Raises NoDrawing."""
    try:
        return import_module("weasyprint")
    except OSError as error:  # pango is a library of the system
        raise NoDrawing(str(error)) from error


@cache
def _style() -> str:
    return Path(str(finders.find("vivier/attestation.css"))).read_text(encoding="utf-8")
