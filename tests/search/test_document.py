"""A document is clean when it exists, and its hash says whether two documents say the same."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from search.document import LARGEST_ID, SearchDocument, clean_text
from search.facets import FACETS

DOCUMENT = SearchDocument(
    id=1,
    kind="practice",
    title="Titre",
    summary="Résumé",
    body="Corps",
    labels=("CAP", "Étiquette"),
    url="/poles/x/1/",
    date=datetime.date(2025, 3, 1),
    readers=("member", "pole:1"),
    facets={"public": ("cap", "bts")},
)


def test_the_hash_does_not_change_from_one_day_to_the_next() -> None:
    """Written down: another value would make every audit find every document altered."""
    assert DOCUMENT.content_hash == "6fd095b985cbc951760db2f9e03ad9deca6ac9c2dacb90c9c4f1513fbb60233c"


def test_order_and_repeats_say_nothing() -> None:
    same = replace(
        DOCUMENT,
        readers=("pole:1", "member", "member"),
        facets={"kind": ("practice",), "tag": (), "public": ("bts", "cap", "bts")},
        labels=("CAP", "Étiquette", "", "CAP"),
        title="Titre\x00",
        summary="Re\u0301sume\u0301",
    )
    assert same == DOCUMENT
    assert same.content_hash == DOCUMENT.content_hash
    assert same.facets == {"kind": ("practice",), "public": ("bts", "cap")}


@pytest.mark.parametrize(
    "change",
    [
        {"id": 2},
        {"kind": "teaching"},
        {"title": "titre"},
        {"summary": ""},
        {"body": "Corps."},
        {"labels": ("Étiquette", "CAP")},
        {"url": "/poles/y/1/"},
        {"date": datetime.date(2025, 3, 2)},
        {"readers": ("member",)},
        {"facets": {"public": ("cap",)}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_is_in_the_hash(change: dict[str, Any]) -> None:
    changed = {"facets": {name: v for name, v in DOCUMENT.facets.items() if name != "kind"}} | change
    assert replace(DOCUMENT, **changed).content_hash != DOCUMENT.content_hash


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "page"}, "unknown kind"),
        ({"id": 0}, "out of range"),
        ({"id": LARGEST_ID + 1}, "out of range"),
        ({"facets": {"couleur": ("bleu",)}}, "unknown facets"),
        ({"readers": ()}, "no reader"),
    ],
)
def test_what_no_document_may_be(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(DOCUMENT, **change)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("deux\nlignes\tici", "deux\nlignes\tici"),
        ("cou\xadpure", "coupure"),
        ("\x00\x02a\x1f\x7f\x85b", "ab"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
        ("👩‍🏫", "👩‍🏫"),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_clean_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


def test_every_facet_has_its_own_name_and_label() -> None:
    assert len({facet.name for facet in FACETS}) == len(FACETS) == 12
    assert len({facet.label for facet in FACETS}) == len(FACETS)
