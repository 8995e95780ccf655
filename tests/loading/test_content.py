"""The demo content is worth reading: no filler, something to use in each item, every corner of the domain covered."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from kb.loading.accounts import POLES
from kb.loading.demo import FOLDER
from kb.loading.demo_file import FACETS, KINDS, DemoItem, read_item
from kb.loading.reference import FOLDER as REFERENCE
from kb.loading.training_file import prose_of, read_module

RUN = 8
#: domain.md, « Rules of law »: nothing else is told as law.
ARTICLES = {"D124-3", "L124-5", "D124-6", "L124-6", "L124-7", "D124-9", "L124-4", "L124-2"}
LAW = re.compile(
    r"\b(lois?|codes? (?:de|du)|légal\w*|réglementaire\w*|réglementation|obligations?|article|décret)\b", re.I
)
NUMBER = r"(?:\d+|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante)"
TIME = re.compile(
    rf"\b{NUMBER}(?:-\w+)?[\s\u00a0\u202f](?:min|minutes?|h|heures?|jours?|semaines?|mois)\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|lendemain|la veille|matin|soir|rentrée)\b"
    r"|\b(?:septembre|octobre|novembre|décembre|janvier|février|mars|avril|mai|juin)\b|\d+\u00a0?h\b",
    re.I,
)
FAILS = "**Ce qui ne marche pas.**"


def paths() -> list[Path]:
    return sorted(path for kind in KINDS for path in (FOLDER / kind).glob("*.md"))


@cache
def items() -> dict[str, DemoItem]:
    return {f"{path.parent.name}/{path.stem}": read_item(path) for path in paths()}


each = pytest.mark.parametrize("name", [f"{path.parent.name}/{path.stem}" for path in paths()])


def body(item: DemoItem) -> str:
    """What is read: of a training, without the marks of its form."""
    read = prose_of if item.kind == "training" else str
    return "\n".join(read(section.markdown) for section in item.sections)


def everything(item: DemoItem) -> str:
    """Title, summary, body, aims, results and files: all that a reader meets."""
    values = item.values
    files = [
        (FOLDER / "files" / row["source"]).read_text(encoding="utf-8") for row in values.get("files", [])
    ]
    told = [row["indicator"] for row in values.get("results", [])]
    parts = [values["title"], values["summary"], body(item), *values.get("aims", []), *told, *files]
    return "\n\n".join(parts)


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of eight words that a quotation does not interrupt."""
    for part in re.split(r"«[^»]*»", text):
        words = re.findall(r"\w+", part.casefold())
        yield from (tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1))


def test_no_run_of_eight_words_stands_in_two_items() -> None:
    holders: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, item in items().items():
        for run in runs(everything(item)):
            holders[run].add(name)
    shared = {" ".join(run): sorted(names) for run, names in holders.items() if len(names) > 1}
    assert shared == {}


@each
def test_its_length(name: str) -> None:
    item = items()[name]
    words = re.findall(r"\w+(?:[’-]\w+)*", body(item))
    # A training's questions, with what is said of each answer, are as long as its texts.
    assert 200 <= len(words) <= (4_000 if item.kind == "training" else 700), len(words)


def trainings() -> list[str]:
    return [f"training/{path.stem}" for path in paths() if path.parent.name == "training"]


@pytest.mark.parametrize("name", trainings())
def test_a_training_asks_enough_and_in_every_way(name: str) -> None:
    modules = [read_module(section.markdown) for section in items()[name].sections]
    sorts = Counter(question["type"] for module in modules for question in module.quiz)
    assert sorts.total() >= 10
    assert set(sorts) == {"single", "multiple", "true_false", "ordering", "gap"}
    assert max(sorts.values()) <= sorts.total() / 2
    assert all(len(module.quiz) >= 3 for module in modules)
    blocks = Counter(block["type"] for module in modules for block in module.content)
    assert min(blocks["case"], blocks["reveal"]) >= 2


@pytest.mark.parametrize("name", trainings())
def test_a_right_answer_is_told_neither_by_its_place_nor_by_its_length(name: str) -> None:
    asked = [
        [row["value"] for row in question["value"]["answers"]]
        for section in items()[name].sections
        for question in read_module(section.markdown).quiz
        if question["type"] == "single"
    ]
    places = {next(n for n, row in enumerate(rows) if row["right"]) for rows in asked}
    assert len(places) > 1
    longest = sum(max(rows, key=lambda row: len(row["text"]))["right"] for rows in asked)
    assert longest < len(asked) or len(asked) < 3


@each
def test_it_can_be_used(name: str) -> None:
    """A step with a time, a document or a figure marked as example, and what fails."""
    item = items()[name]
    part = {section.heading: section.markdown for section in item.sections}
    steps = part.get("Comment faire") or part.get("Déroulement") or " ".join(part)
    assert TIME.search(steps)
    assert item.values.get("files") or item.values.get("results") or "« " in body(item).replace("\u00a0", " ")
    assert all(row["example"] is True for row in item.values.get("results", []))
    if item.kind == "practice":
        assert len(part["Ce qui n’a pas marché"].split()) >= 20
    else:
        assert FAILS in body(item)


@each
def test_law_is_named_by_its_article(name: str) -> None:
    text = everything(items()[name]).replace("\n", " ")
    assert set(re.findall(r"\b[LRD]\.?\s?\d{2,4}-\d+", text)) <= ARTICLES
    # An article may stand in the sentence before or after, as in « (article L124-6). Il est dû… ».
    sentences = re.split(r"(?<=[.!?…])\s+", text)
    named = [any(article in sentence for article in ARTICLES) for sentence in sentences]
    for number, sentence in enumerate(sentences):
        near = named[max(0, number - 1) : number + 2]
        assert not LAW.search(sentence) or any(near), sentence


@each
def test_its_typography(name: str) -> None:
    """French signs and their spaces, in the files too."""
    text = everything(items()[name])
    bad = r"'|(?<![\u00a0\u202f…?!])[;!?»]|(?<![\u00a0\u202f\d]):|«(?![\u00a0\u202f])|[^\u00a0\u202f][%€]"
    assert [text[max(0, found.start() - 20) : found.end() + 5] for found in re.finditer(bad, text)] == []


@each
def test_it_names_nobody(name: str) -> None:
    text = everything(items()[name])
    assert not re.search(r"@|https?:|www\.|\b0\d(?:[ .]\d\d){4}\b|\b\d{5}\b", text)


def published() -> list[DemoItem]:
    return [item for item in items().values() if item.values["state"] == "published"]


def test_how_many() -> None:
    kinds = Counter(item.kind for item in published())
    assert kinds["teaching"] >= 24
    assert kinds["practice"] >= 30
    assert kinds["training"] >= 6
    assert sum(item.values["visibility"] == "public" for item in published()) >= 55


@pytest.mark.parametrize(
    "words",
    [
        "Accueillir un élève de 3e",
        "quatre fonctions du maître d’apprentissage",
        "Évaluer une PFMP",
        "Préparer une visite de professeur référent",
        "Accueillir un jeune en situation de handicap",
        "Égalité et non-discrimination à l’accueil",
    ],
)
def test_the_six_trainings(words: str) -> None:
    titles = [item.values["title"] for item in published() if item.kind == "training"]
    assert [title for title in titles if words in title] != []


def test_every_corner_is_covered() -> None:
    """Public items cover all publics, phases and problems, and every pôle has sheets of its own."""
    public = [item for item in published() if item.values["visibility"] == "public"]
    terms = json.loads((REFERENCE / "terms.json").read_text(encoding="utf-8"))
    for facet in FACETS:
        told = {slug for item in public for slug in item.values[facet]}
        today = {term["slug"] for term in terms if term["facet"] == facet and "valid_until" not in term}
        assert told >= today, today - told
    sheets = Counter(item.values["pole"] for item in public if item.kind == "practice")
    assert set(sheets) == set(POLES)
    assert min(sheets.values()) >= 3


def test_a_third_has_a_file_and_handouts_stand_apart() -> None:
    with_files = [item for item in published() if item.values.get("files")]
    assert 3 * len(with_files) >= len(published())
    formats = Counter(row["name"].rpartition(".")[2] for item in with_files for row in item.values["files"])
    assert min(formats["pdf"], formats["odt"]) >= 8
    for item in with_files:
        roles = {row["role"] for row in item.values["files"]}
        assert item.kind != "teaching" or roles >= {"teacher", "pupil"}, item.slug
        assert item.kind == "teaching" or roles == {"annex"}, item.slug


def test_every_file_text_belongs_to_one_item() -> None:
    used = [row["source"] for item in items().values() for row in item.values.get("files", [])]
    assert sorted(used) == sorted(path.name for path in (FOLDER / "files").glob("*.md"))


def test_dates_are_spread() -> None:
    """Over the two years: no three months without an approval, holidays aside."""
    days = sorted(item.values["approved"] for item in published())
    assert max((after - before).days for before, after in pairwise(days)) < 100
