"""French as it is printed: ’ and not ', « », and no line broken before a high sign.

Looked for in the text of the templates and in the French literals of the code: those with an accented letter or ’.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: Read by machines.
NOT_FRENCH = {"robots.txt"}
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*")
    if path.suffix in {".html", ".txt"} and path.name not in NOT_FRENCH
)
CODE = sorted(
    path
    for room in ("kb", "resources", "search")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)

MISTAKES = {
    "a straight apostrophe": re.compile(r"[^\W\d_]'[^\W\d_]"),
    "straight quotes": re.compile(r'(?:^|\s)"[^\W\d_]'),
    "a breaking space before a high sign": re.compile(r"[^\s=<>{}|] [:;?!»](?:\s|$|[.,)])"),
    "no space before a high sign": re.compile(r"[^\W\d_][;?!](?:\s|$)|[^\W\d_»)]:(?:\s|$)"),
    "a breaking space after «": re.compile(r"« "),
    "no space inside « »": re.compile(r"«[^\s\u00a0\u202f]|[^\s\u00a0\u202f]»"),
    "three points": re.compile(r"[^\W\d_]\.\.\."),
}


def mistakes(text: str) -> list[str]:
    return [
        f"{name}: …{found.group()}…" for name, mistake in MISTAKES.items() for found in mistake.finditer(text)
    ]


def visible_text(template: str) -> str:
    """What a template prints itself, and the attributes that people read; tags become a space, variables a letter."""
    template = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template, flags=re.DOTALL)
    template = re.sub(r"\{%.*?%\}", "", template)
    template = re.sub(r"\{\{.*?\}\}", "0", template)
    read = re.findall(r'\b(?:title|alt|aria-label|placeholder|label)="([^"]*)"', template)
    plain = re.sub(r"<[^>]*>", "", template)
    return "\n".join([plain, *read])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates(path: Path) -> None:
    assert mistakes(visible_text(path.read_text(encoding="utf-8"))) == []


FRENCH = re.compile(r"[àâçéèêëîïôùûœÀÂÇÉÈÊÎÔÛŒ’]")
#: Quoted as it has to be typed.
QUOTED = ("clé: valeur",)


def french_literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text; what stands for a value in an f-string is a 0. Neither docstrings nor regular expressions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed_over: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passed_over.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            passed_over |= {id(part) for part in node.values}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            passed_over |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            text = node.value
        if FRENCH.search(text):
            for quoted in QUOTED:
                text = text.replace(quoted, "")
            yield node.lineno, text  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_literals_of_the_code(path: Path) -> None:
    found = [(line, mistake) for line, text in french_literals(path) for mistake in mistakes(text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "l'élève",
        "Pourquoi ?",
        "Pourquoi?",
        "« oui »",
        "«oui»",
        "Non ; si",
        "Suite :",
        "Suite: fin",
        'dit "oui"',
        "fin...",
    ],
)
def test_mistakes_are_seen(text: str) -> None:
    assert mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        "l’élève",
        "Pourquoi\u00a0? Oui.",
        "«\u00a0oui\u00a0»",
        "10\u00a0h\u202f; fin",
        "https://a.example/ à 10:30",
    ],
)
def test_good_french_passes(text: str) -> None:
    assert not mistakes(text)
