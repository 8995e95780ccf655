"""What a browser would post: the fields of a form of the admin, as the page gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    def __init__(self, form_id: str | None) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = form_id is None
        self.found: dict[str, list[str]] = {}
        self.select: str | None = None
        self.textarea: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and self.form_id is not None:
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name") or ""
        if "data-w-block-arguments-value" in given:
            [state, *_] = json.loads(given["data-w-block-arguments-value"] or "[[]]")
            for key, value in _stream(given["id"] or "", state or []):
                self._add(key, value)
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") in ("checkbox", "radio") and "checked" not in given:
                return
            self._add(name, given.get("value") or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "textarea" and name:
            self.textarea, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            # A browser leaves out the line break that opens the text.
            self._add(self.textarea, self.text.removeprefix("\r\n").removeprefix("\n"))
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form" and self.form_id is not None:
            self.inside = False

    def _add(self, name: str, value: str) -> None:
        self.found.setdefault(name, []).append(value)


def _stream(prefix: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The inputs that the editor's script makes of a stream's state, or of a list's within it."""
    yield f"{prefix}-count", str(len(rows))
    for place, row in enumerate(rows):
        yield f"{prefix}-{place}-type", row.get("type", "item")
        yield f"{prefix}-{place}-id", row["id"] or ""
        yield f"{prefix}-{place}-order", str(place)
        yield f"{prefix}-{place}-deleted", ""
        yield from _value(f"{prefix}-{place}-value", row["value"])


def _value(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _value(f"{name}-{key}", part)
    elif isinstance(value, list) and (not value or isinstance(value[0], dict)):
        yield from _stream(name, value)
    elif isinstance(value, list):  # what a select has chosen
        for one in value:
            yield name, str(one)
    elif isinstance(value, bool):
        if value:
            yield name, "on"
    else:
        yield name, "" if value is None else str(value)


def fields_of(client: Client, address: str, form_id: str | None = "page-edit-form") -> dict[str, Any]:
    """The fields of the form at `address`, filled as the page shows them; templates of empty rows are left out."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    parser = _Fields(form_id)
    parser.feed(answer.content.decode())
    return {name: values for name, values in parser.found.items() if "__prefix__" not in name}
