"""A page read as a person with an assistive tool meets it: what is wrong with it, in words."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

from django.http import HttpResponseBase

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOADS = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("form", "action"),
    ("iframe", "src"),
    ("source", "src"),
}
NAMED = ("a", "button", "h1", "h2", "h3", "h4", "label", "th", "caption", "title")


class Page(HTMLParser):
    """Reads one page; `problems()` says what breaks the rules that need no eye."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.found: list[str] = []
        self.headings: list[int] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.referred: list[str] = []
        self.lang = self.title = ""
        self.names: list[list[str]] = []
        self.feed(text)
        self.close()
        if self.open:
            self.found.append(f"never closed: {[tag for tag, _ in self.open]}")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.found.append(f"an attribute twice in <{tag}>")
        held = {name: value or "" for name, value in attributes}
        self.tags[tag] += 1
        if "id" in held:
            self.ids[held["id"]] += 1
        self.referred += [
            name
            for key in ("aria-describedby", "aria-labelledby", "for")
            for name in held.get(key, "").split()
        ]
        self._look(tag, held)
        if tag not in VOID:
            self.open.append((tag, held))
            self.names.append([])

    def _look(self, tag: str, held: dict[str, str]) -> None:
        if tag == "html":
            self.lang = held.get("lang", "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labelled.add(held.get("for", ""))
        if tag in ("input", "select", "textarea") and held.get("type") not in ("hidden", "submit"):
            inside = any(name == "label" for name, _ in self.open)
            self.fields.append({} if inside else held)
        if tag == "img" and "alt" not in held:
            self.found.append("an image without alt")
        if "style" in held or any(name.startswith("on") for name in held):
            self.found.append(f"inline style or script in <{tag}>")
        for name in ("href", "src", "action"):
            if (tag, name) in LOADS and re.match(r"(?:[a-z]+:)?//", held.get(name, "")):
                self.found.append(f"another host: {held[name]}")
        if tag == "form" and held.get("method", "get").lower() == "post":
            self.tags["post form"] += 1
        if tag == "input" and held.get("name") == "csrfmiddlewaretoken":
            self.tags["csrf"] += 1

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "title":
            self.title += data
        for name in self.names:
            name.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.found.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'}")
            return
        _, held = self.open.pop()
        text = "".join(self.names.pop()).strip()
        if tag in NAMED and not (text or held.get("aria-label")):
            self.found.append(f"an empty <{tag}>")
        if tag == "style" or (tag == "script" and (text or not held.get("src"))):
            self.found.append(f"<{tag}> in the page")

    def problems(self) -> list[str]:
        found = list(self.found)
        if self.lang != "fr":
            found.append("not said to be in French")
        if not self.title.strip() or "Vivier" not in self.title:
            found.append(f"title: {self.title!r}")
        found += [f"{self.tags[tag]} <{tag}>" for tag in ("h1", "main", "title") if self.tags[tag] != 1]
        if self.headings and self.headings[0] != 1:
            found.append("the first heading is not the h1")
        found += [
            f"h{a} then h{b}" for a, b in zip(self.headings, self.headings[1:], strict=False) if b > a + 1
        ]
        found += [f"id {name} twice" for name, count in self.ids.items() if count > 1]
        found += [f"nothing has id {name}" for name in self.referred if name not in self.ids]
        for field in self.fields:
            if field and not (
                field.get("id") in self.labelled or field.get("aria-label") or field.get("aria-labelledby")
            ):
                found.append(f"a field without label: {field.get('name')}")
        if self.tags["csrf"] < self.tags["post form"]:
            found.append("a POST form without its token")
        return found


def problems(text: str) -> list[str]:
    if not text.lstrip().lower().startswith("<!doctype html>"):
        return ["no doctype"]
    return Page(text).problems()


def text_of(response: HttpResponseBase) -> str:
    """What a page says, on one line, with plain spaces: sentences are compared, not their typography."""
    html = response.content.decode()  # type: ignore[attr-defined]
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", html.partition("<body")[2], flags=re.DOTALL)
    return re.sub(r" +([,.)])", r"\1", " ".join(unescape(bare).split()))
