"""The body of a training's demo file: its modules with their blocks and questions, as StreamField data.

The format stands in `fixtures/demo/README.md`. This module reads text; it knows nothing of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from .markdown import to_html

Block = dict[str, Any]

CASE, TEXT = "Situation", "Texte"
_REVEAL, _DOCUMENT = re.compile(r"À découvrir · (.+)"), re.compile(r"Document · (.+)")
_QUIZ = re.compile(r"Quiz \((\d+)[\u00a0\u202f]%\)")
_ANSWER_HEADING = "**Une réponse possible.**"
_CHOICE = re.compile(r"- \[([ x])\] (.+?) — (.+)")
_STEP = re.compile(r"\d+\. (.+)")
_SAID = re.compile(r"\*\*(Vrai|Faux|Juste|À revoir)\.\*\* (.+)")
GAP = "[…]"


class ModuleError(ValueError):
    """What is wrong, and at which line of the module's text (from 0)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class ParsedModule:
    content: list[Block]
    quiz: list[Block]
    pass_mark: int


@dataclass(frozen=True)
class _Part:
    heading: str
    line: int
    text: str


def read_module(markdown: str) -> ParsedModule:
    """`markdown`: what stands under the module's heading. Raises ModuleError."""
    content: list[Block] = []
    quiz: list[Block] = []
    pass_mark = 70
    for part in _parts(markdown, "### "):
        if quiz:
            raise ModuleError(part.line, "le quiz est la dernière partie d’un module.")
        found = _QUIZ.fullmatch(part.heading)
        if found:
            pass_mark = int(found[1])
            quiz = [_question(question) for question in _questions(part)]
        elif part.text:
            content.append(_block(part))
        elif part.heading:
            raise ModuleError(part.line, f"la partie « {part.heading} » est vide.")
    if not content:
        raise ModuleError(0, "un module commence par un texte.")
    return ParsedModule(content, quiz, pass_mark)


def prose_of(markdown: str) -> str:
    """The module's text without the marks of its form: what a reader reads, for the tests of its wording."""
    rows = [row for row in markdown.split("\n") if not row.startswith("#")]
    return re.sub(r"^- \[[ x]\] |^\d+\. ", "", "\n".join(rows), flags=re.MULTILINE)


def _parts(text: str, mark: str) -> Iterator[_Part]:
    """What stands before the first heading has an empty one."""
    heading, start, rows = "", 0, []  # type: str, int, list[str]
    for number, row in enumerate([*text.split("\n"), mark]):
        if not row.startswith(mark):
            rows.append(row)
            continue
        yield _Part(heading, start, "\n".join(rows).rstrip())
        heading, start, rows = row.removeprefix(mark).strip(), number, []


def _block(part: _Part) -> Block:
    if part.heading in ("", TEXT):
        return {"type": "text", "value": to_html(part.text)}
    if part.heading == CASE:
        situation, mark, answer = part.text.partition(_ANSWER_HEADING)
        if not (situation.strip() and mark and answer.strip()):
            raise ModuleError(
                part.line, f"une situation est suivie de « {_ANSWER_HEADING} » et d’une réponse."
            )
        return {"type": "case", "value": {"situation": to_html(situation), "answer": to_html(answer.strip())}}
    reveal, document = _REVEAL.fullmatch(part.heading), _DOCUMENT.fullmatch(part.heading)
    if reveal:
        return {"type": "reveal", "value": {"title": reveal[1], "text": to_html(part.text)}}
    if document:
        return {"type": "document", "value": {"name": document[1], "note": " ".join(part.text.split())}}
    raise ModuleError(part.line, f"la partie « {part.heading} » n’est pas prévue.")


def _questions(quiz: _Part) -> Iterator[_Part]:
    for part in _parts(quiz.text, "#### "):
        if part.heading:
            yield _Part(part.heading, quiz.line + 1 + part.line, part.text)
        elif part.text:
            raise ModuleError(quiz.line, "un quiz commence par le titre « #### » d’une question.")


def _question(part: _Part) -> Block:
    paragraphs = list(_paragraphs(part.text))
    if not paragraphs or part.heading not in _READERS:
        raise ModuleError(
            part.line, f"la question « {part.heading} » n’est pas d’une sorte connue, ou elle est vide."
        )
    sort, read = _READERS[part.heading]
    text, *rest = paragraphs
    said = {found[1]: found[2] for row in rest if (found := _SAID.fullmatch(row))}
    rows = [row for row in rest if not _SAID.fullmatch(row)]
    try:
        return {"type": sort, "value": {"text": text, **read(rows, said)}}
    except (KeyError, ValueError) as error:
        raise ModuleError(
            part.line, f"la question « {part.heading} » n’a pas la bonne forme ({error})."
        ) from error


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and list rows, each on one line."""
    rows: list[str] = []
    for row in [*text.split("\n"), ""]:
        if rows and (not row.strip() or _CHOICE_START.match(row)):
            yield " ".join(" ".join(rows).split(" ")).strip()
            rows = []
        if row.strip():
            rows.append(row.strip())


_CHOICE_START = re.compile(r"- \[|\d+\. ")


def _answers(rows: list[str]) -> list[Block]:
    answers = []
    for row in rows:
        found = _CHOICE.fullmatch(row)
        if found is None or " — " in found[3]:
            raise ValueError(row)
        answers.append({"text": found[2], "right": found[1] == "x", "feedback": found[3]})
    return answers


def _choices(rows: list[str], said: dict[str, str]) -> dict[str, Any]:
    return {"answers": _items(_answers(rows))}


def _true_false(rows: list[str], said: dict[str, str]) -> dict[str, Any]:
    [(word, explanation)] = said.items()
    if rows:
        raise ValueError(rows[0])
    return {"answer": {"Vrai": "true", "Faux": "false"}[word], "explanation": explanation}


def _ordering(rows: list[str], said: dict[str, str]) -> dict[str, Any]:
    steps = [found[1] for row in rows if (found := _STEP.fullmatch(row))]
    if len(steps) != len(rows) or len(steps) < 3:
        raise ValueError("étapes")
    return {"steps": _items(steps), "right": said["Juste"], "wrong": said["À revoir"]}


def _gap(rows: list[str], said: dict[str, str]) -> dict[str, Any]:
    return {"answers": _items(_answers(rows)), "wrong": said["À revoir"]}


def _items(values: list[Any]) -> list[Block]:
    """Without an id Wagtail takes such a row for a value of another form."""
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]


_READERS: dict[str, tuple[str, Any]] = {
    "Choix unique": ("single", _choices),
    "Choix multiple": ("multiple", _choices),
    "Vrai ou faux": ("true_false", _true_false),
    "Remettre en ordre": ("ordering", _ordering),
    "Texte à trou": ("gap", _gap),
}
