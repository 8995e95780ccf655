"""Reads one file of `fixtures/demo` into a `DemoItem`, strictly: what is wrong is said with its path and line.

The format is described in `fixtures/demo/README.md`. This module reads text; it knows nothing of the database.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .training_file import ModuleError, read_module

KINDS = ("teaching", "training", "practice")
STATES = ("published", "draft", "in_review", "refused")
FACETS = ("public", "periode", "phase", "problematique", "axe", "audience", "type", "filiere")
SECTIONS = {
    "teaching": ("Objectif", "Matériel", "Déroulement", "Différencier", "Évaluer"),
    "practice": (
        "Le contexte",
        "Ce que nous avons voulu",
        "Comment faire",
        "Les partenaires",
        "Les moyens",
        "Ce qui fait la différence",
        "Ce qui n’a pas marché",
        "Transférable si",
        "Contact",
    ),
}
MODULE = re.compile(r"Module (\d+) · (.+) \((\d+) min\)")

_SHARED: dict[str, type | tuple[type, ...]] = {
    "title": str,
    "summary": str,
    "author": str,
    "state": str,
    "visibility": str,
    **dict.fromkeys(FACETS, list),
    "tags": list,
}
_OPTIONAL: dict[str, type] = {
    "approver": str,
    "proposed": datetime.date,
    "approved": datetime.date,
    "refused": datetime.date,
    "refusal": str,
    "review_by": datetime.date,
    "reread": datetime.date,
    "pole": str,
    "files": list,
}
_BY_KIND: dict[str, dict[str, type]] = {
    "teaching": {"duration_minutes": int, "licence": str},
    "training": {"duration_minutes": int, "aims": list},
    "practice": {"results": list, "pole": str},
}
_OPTIONAL_BY_KIND: dict[str, dict[str, type]] = {
    "teaching": {},
    "training": {},
    "practice": {"based_on": str},
}
#: What each state needs besides, and nothing of the others.
_BY_STATE = {
    "draft": (),
    "in_review": ("proposed",),
    "published": ("proposed", "approved", "approver", "review_by"),
    "refused": ("proposed", "refused", "approver", "refusal"),
}


class DemoFileError(Exception):
    """One thing wrong in one file; `str()` is « path:line : what, and what to do »."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line} : {message}")


@dataclass(frozen=True)
class Section:
    heading: str
    markdown: str
    line: int


@dataclass(frozen=True)
class DemoItem:
    """One demo item, checked; `values` holds the front matter, `lines` where each key (`title`) and each row of a
    list (`files.0`) stands."""

    path: Path
    kind: str
    slug: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    sections: tuple[Section, ...]

    def error(self, key: str, message: str, row: int | None = None) -> DemoFileError:
        """At the line of `key`, or of one row of its list."""
        line = self.lines.get(key, 1)
        return DemoFileError(self.path, self.lines.get(f"{key}.{row}", line), message)


def read_item(path: Path) -> DemoItem:
    """The item of a file `<kind>/<slug>.md`; raises DemoFileError."""
    kind, slug = path.parent.name, path.stem
    if kind not in KINDS:
        raise DemoFileError(
            path, 1, f"le dossier « {kind} » ne dit pas la nature de la fiche ({', '.join(KINDS)})."
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise DemoFileError(
            path, 1, "le nom du fichier s’écrit en minuscules sans accent, avec des traits d’union."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DemoFileError(
            path, line, "le fichier n’est pas en UTF-8 : enregistrez-le dans ce codage."
        ) from error
    head, body, body_line = _split(path, text)
    values, lines = _front_matter(path, head)
    item = DemoItem(path, kind, slug, values, lines, tuple(_sections(path, body, body_line)))
    _check_keys(item)
    _check_body(item)
    return item


def _split(path: Path, text: str) -> tuple[str, str, int]:
    rows = text.split("\n")
    if rows[0].strip() != "---":
        raise DemoFileError(path, 1, "la première ligne doit être « --- ».")
    for number, row in enumerate(rows[1:], start=2):
        if row.strip() == "---":
            # A blank first line keeps YAML's line numbers those of the file.
            return "\n" + "\n".join(rows[1 : number - 1]), "\n".join(rows[number:]), number + 1
    raise DemoFileError(path, len(rows), "l’en-tête n’est pas fermé par une ligne « --- ».")


def _front_matter(path: Path, head: str) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
        values = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError) as error:
        raise DemoFileError(
            path, _line_of(error), f"l’en-tête n’est pas du YAML valide ({error.__class__.__name__})."
        ) from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise DemoFileError(path, 2, "l’en-tête doit être une suite de lignes « clé: valeur ».")
    lines: dict[str, int] = {}
    for key, value in node.value:
        if key.value in lines:
            raise DemoFileError(
                path, key.start_mark.line + 1, f"la clé « {key.value} » est écrite deux fois."
            )
        lines[str(key.value)] = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode):
            lines |= {f"{key.value}.{n}": row.start_mark.line + 1 for n, row in enumerate(value.value)}
    return values, lines


def _line_of(error: Exception) -> int:
    """Where to look: what was opened and never closed is shown where it was opened, not where the text ended."""
    opened = str(getattr(error, "context", "")).startswith(
        ("while parsing a flow", "while scanning a quoted")
    )
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    return int(mark.line) + 1 if mark else 2


def _sections(path: Path, body: str, first_line: int) -> list[Section]:
    found: list[Section] = []
    heading, start, text = "", first_line, []  # type: str, int, list[str]
    for number, row in enumerate([*body.split("\n"), "## "], start=first_line):
        if not row.startswith("## "):
            text.append(row)
            continue
        content = "\n".join(text).rstrip()  # an empty line at its head counts: errors name lines
        if heading:
            found.append(Section(heading, content, start))
        elif content:
            raise DemoFileError(
                path, first_line, "du texte précède le premier titre « ## » : placez-le dessous."
            )
        heading, start, text = row[3:].strip(), number, []
    return found


def _check_keys(item: DemoItem) -> None:
    needed = {**_SHARED, **_BY_KIND[item.kind]}
    allowed = {**_OPTIONAL, **needed, **_OPTIONAL_BY_KIND[item.kind]}
    for key in item.values:
        if key not in allowed:
            raise item.error(str(key), f"la clé « {key} » n’existe pas pour cette nature de fiche.")
    state = item.values.get("state")
    if state not in STATES:
        raise item.error("state", f"l’état doit être l’un de {', '.join(STATES)}.")
    for key in (*needed, *_BY_STATE[state]):
        if key not in item.values:
            raise item.error(key, f"il manque la clé « {key} ».")
    for key in {name for names in _BY_STATE.values() for name in names} - set(_BY_STATE[state]):
        if key in item.values:
            raise item.error(key, f"la clé « {key} » ne va pas avec l’état « {state} ».")
    for key, value in item.values.items():
        if not isinstance(value, allowed[key]) or isinstance(value, (bool, datetime.datetime)):
            raise item.error(key, f"la valeur de « {key} » n’a pas la bonne forme.")
        if value in ("", []):
            raise item.error(key, f"la valeur de « {key} » est vide.")
    if "approver" in item.values and item.values["approver"] == item.values["author"]:
        raise item.error("approver", "personne n’approuve ce qu’il a écrit : nommez une autre personne.")
    decided = item.values.get("approved") or item.values.get("refused")
    if decided and decided <= item.values["proposed"]:
        raise item.error("proposed", "la décision doit suivre la proposition.")
    if "reread" in item.values and (state != "published" or item.values["reread"] <= decided):
        raise item.error("reread", "on ne relit que ce qui est publié, et après l’avoir approuvé.")
    _check_rows(item, "files", {"role": str, "name": str, "source": str})
    _check_rows(
        item,
        "results",
        {"indicator": str, "before": (int, float), "after": (int, float), "unit": str, "example": bool},
    )


def _check_rows(item: DemoItem, key: str, form: Mapping[str, Any]) -> None:
    for number, row in enumerate(item.values.get(key, [])):
        good = isinstance(row, dict) and set(row) == set(form)
        if not good or not all(isinstance(row[name], kind) for name, kind in form.items()):
            raise item.error(key, f"chaque ligne de « {key} » s’écrit {{{', '.join(form)}}}.", number)


def _check_body(item: DemoItem) -> None:
    headings = [section.heading for section in item.sections]
    for section in item.sections:
        if not section.markdown:
            raise DemoFileError(item.path, section.line, f"la partie « {section.heading} » est vide.")
    if item.kind == "training":
        _check_modules(item)
        return
    expected: Sequence[str] = SECTIONS[item.kind]
    for position, name in enumerate(expected):
        if position >= len(headings):
            raise DemoFileError(item.path, 1, f"il manque la partie « ## {name} ».")
        if headings[position] != name:
            raise DemoFileError(
                item.path,
                item.sections[position].line,
                f"on attend ici « ## {name} », pas « ## {headings[position]} ».",
            )
    if len(headings) > len(expected):
        extra = item.sections[len(expected)]
        raise DemoFileError(item.path, extra.line, f"la partie « {extra.heading} » n’est pas prévue.")


def _check_modules(item: DemoItem) -> None:
    minutes = 0
    if not item.sections:
        raise DemoFileError(item.path, 1, "une formation compte au moins un module.")
    for number, section in enumerate(item.sections, start=1):
        found = MODULE.fullmatch(section.heading)
        if found is None or int(found[1]) != number:
            raise DemoFileError(
                item.path, section.line, f"on attend ici « ## Module {number} · Titre (10 min) »."
            )
        minutes += int(found[3])
        try:
            read_module(section.markdown)
        except ModuleError as error:
            raise DemoFileError(item.path, section.line + 1 + error.line, str(error)) from error
    if minutes != item.values["duration_minutes"]:
        raise item.error(
            "duration_minutes", f"les modules durent {minutes} minutes en tout : corrigez la durée."
        )
