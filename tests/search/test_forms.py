from __future__ import annotations

import pytest
from django.http import QueryDict

from search.forms import LAST_PAGE, LONG_QUESTION, NUL, PAGE, VALUES, SearchForm, query_string
from search.request import SearchRequest


def form(query: str) -> SearchForm:
    return SearchForm(QueryDict(query))


def request(query: str) -> SearchRequest:
    checked = form(query)
    assert checked.is_valid(), checked.errors
    return checked.to_request()


def problems(query: str) -> list[str]:
    checked = form(query)
    assert not checked.is_valid()
    return checked.problems()


def test_an_empty_address_asks_for_everything() -> None:
    assert request("") == SearchRequest()


def test_every_parameter_has_its_place() -> None:
    assert request(
        "q=+entretien+&kind=teaching&kind=practice&pole=nord&sort=date&page=3&phase="
    ) == SearchRequest(
        q="entretien",
        filters={"kind": ("teaching", "practice"), "pole": ("nord",)},
        sort="date",
        page=3,
    )


def test_a_value_counts_once() -> None:
    assert request("tag=a&tag=b&tag=a").filters == {"tag": ("a", "b")}


@pytest.mark.parametrize("query", ["utm_source=x", "sort=preuve", "sort=", "page=", "csrf=%00"])
def test_what_we_do_not_know_is_left_alone(query: str) -> None:
    assert request(query) == SearchRequest()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("page=0", PAGE),
        ("page=-1", PAGE),
        (f"page={LAST_PAGE + 1}", PAGE),
        ("page=999999", PAGE),
        ("page=deux", PAGE),
        ("page=1e2", PAGE),
        ("page=" + "9" * 5_000, PAGE),
        ("q=" + "a" * 501, LONG_QUESTION),
        ("q=a%00b", NUL),
        ("sort=%00", NUL),
        ("tag=a%00", NUL),
        ("tag=" + "a" * 101, VALUES),
        ("&".join(f"tag={number}" for number in range(51)), VALUES),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(query: str, problem: str) -> None:
    assert problems(query) == [problem]


def test_the_last_page_can_be_asked_of_every_engine() -> None:
    assert request(f"page={LAST_PAGE}").page == 500


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 500,
        "q=%F0%9F%98%80",
        "q=%D7%A9%D7%9C%D7%95%D7%9D",
        "q=%ED%A0%80",
        "tag=<script>",
        "kind=nothing",
    ],
)
def test_odd_is_not_wrong(query: str) -> None:
    assert form(query).is_valid()


def test_an_address_says_no_more_than_needed() -> None:
    asked = request("q=l%27été&kind=teaching&kind=practice&sort=date&page=4")
    assert query_string(asked) == "?q=l%27%C3%A9t%C3%A9&kind=teaching&kind=practice&sort=date"
    assert query_string(asked, page=2).endswith("&sort=date&page=2")
    assert (
        query_string(asked, filters={"kind": ("practice",)}) == "?q=l%27%C3%A9t%C3%A9&kind=practice&sort=date"
    )
    assert query_string(SearchRequest()) == "?"


def test_an_address_reads_back_as_the_same_search() -> None:
    asked = request("q=a%26b+%3D+c&tag=x%2By&sort=date&page=2")
    assert request(query_string(asked, page=2)[1:]) == asked
