"""A request holds only what the search form would let through."""

from __future__ import annotations

from typing import Any

import pytest

from search.request import SearchRequest


@pytest.mark.parametrize(
    "asked",
    [
        {"page": 0},
        {"page": -1},
        {"page": 501},
        {"page": 999_999},
        {"page_size": 0},
        {"sort": "preuve"},
        {"filters": {"couleur": ("bleu",)}},
    ],
)
def test_what_no_request_may_be(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unknown|out of range"):
        SearchRequest(**asked)


def test_a_filter_without_values_is_none() -> None:
    assert SearchRequest(filters={"tag": (), "pole": ("dijon",)}).filters == {"pole": ("dijon",)}


@pytest.mark.parametrize(("page", "offset"), [(1, 0), (2, 20), (500, 9_980)])
def test_the_offset_of_a_page(page: int, offset: int) -> None:
    assert SearchRequest(page=page).offset == offset
