"""The facets as they stand on the screen: départements with their pôles, counts, what was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kb.poles.models import EmploymentZone, Pole
from search.choices import Branch, FacetChoices, as_trees, facet_choices
from search.engines.base import SearchEngine
from search.index.draining import drain
from search.request import SearchRequest
from search.results import SearchResults
from tests.items import make_item
from tests.people import make_pole

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def zone(pole: Pole, slug: str, department: str) -> None:
    pole.zones.add(EmploymentZone.objects.create(slug=slug, name=slug, department=department))
    pole.save()


@pytest.fixture
def poles() -> dict[str, Pole]:
    """`deux` lies in two départements, mostly in the second one; `trois` in the Yonne alone."""
    made = {name: make_pole(f"Pôle {name}", name) for name in ("un", "deux")}
    for slug in ("mâcon", "chalon"):
        zone(made["deux"], slug, "71")
    EmploymentZone.objects.create(slug="zone-trois", name="Trois", department="89")
    return {**made, "trois": make_pole("Pôle trois", "trois")}


def tree(facets: dict[str, dict[str, int]], **filters: tuple[str, ...]) -> FacetChoices:
    request = SearchRequest(filters=filters)
    shown = {facet.name: facet for facet in as_trees(facet_choices(request, SearchResults(0, (), facets)))}
    assert "pole" not in shown
    return shown["departement"]


def drawn(branch: Branch) -> tuple[str, bool, bool, list[str]]:
    label = branch.choice.label if branch.choice else ""
    return label, branch.can_be_chosen, branch.is_open, [choice.label for choice in branch.under]


def test_each_pole_stands_once_in_the_departement_that_holds_most_of_it(poles: dict[str, Pole]) -> None:
    found = tree({"departement": {"71": 5, "21": 4, "89": 1}, "pole": {"deux": 4, "un": 3, "trois": 1}})
    assert found.label == "Département et pôle"
    assert [drawn(branch) for branch in found.branches] == [
        ("Saône-et-Loire", True, False, ["Pôle deux"]),
        ("Côte-d’Or", True, False, ["Pôle un"]),
        ("Yonne", True, False, ["Pôle trois"]),
    ]


def test_what_cannot_be_chosen_still_names_what_can_be_chosen_below(poles: dict[str, Pole]) -> None:
    """With a pôle chosen, the other pôles are still a choice; their départements are none."""
    found = tree({"departement": {"21": 3}, "pole": {"deux": 4, "un": 3}}, pole=("un",))
    assert [drawn(branch) for branch in found.branches] == [
        ("Côte-d’Or", True, True, ["Pôle un"]),
        ("Saône-et-Loire", False, False, ["Pôle deux"]),
    ]


def test_what_was_chosen_stays_even_when_it_finds_nothing(poles: dict[str, Pole]) -> None:
    found = tree({}, departement=("58",), pole=("trois", "jamais-vu"))
    assert [drawn(branch) for branch in found.branches] == [
        ("Nièvre", True, True, []),
        ("Yonne", False, True, ["Pôle trois"]),
        ("", False, True, ["jamais-vu"]),
    ]


def test_a_pole_without_zone_or_offline_has_no_departement(poles: dict[str, Pole]) -> None:
    poles["un"].zones.clear()
    poles["un"].save()
    Pole.objects.filter(slug="trois").update(live=False)
    found = tree({"departement": {}, "pole": {"un": 2, "trois": 1}})
    assert [drawn(branch) for branch in found.branches] == [("", False, False, ["Pôle un", "trois"])]


Shown = Callable[[str], str]


@pytest.fixture
def shown(client: Client, poles: dict[str, Pole], index: SearchEngine) -> Shown:
    """The search page on four items."""
    make_item("practice", "Fiche de un", pole=poles["un"])
    make_item("practice", "Fiche de deux", pole=poles["deux"])
    make_item("teaching", "Ressource de deux", pole=poles["deux"])
    make_item("practice", "Fiche de trois", pole=poles["trois"])
    drain()
    return lambda address: client.get(address).content.decode()


def box(html: str, name: str, value: str) -> tuple[bool, int] | None:
    """Is it ticked, and its count; None when there is no such box."""
    found = re.search(
        rf'name="{name}" value="{value}"( checked)?><span>[^<]*</span><span class="count">(\d+)<', html
    )
    return (bool(found[1]), int(found[2])) if found else None


def test_counts_ignore_the_filter_of_their_own_facet_alone(shown: Shown) -> None:
    html = shown("/recherche/?departement=71&kind=practice")
    assert box(html, "departement", "71") == (True, 1)
    assert box(html, "departement", "21") == (False, 2)  # `deux` has a zone there too
    assert box(html, "departement", "89") == (False, 1)
    assert box(html, "pole", "deux") == (False, 1)
    assert box(html, "pole", "un") is None
    assert box(html, "kind", "teaching") == (False, 1)
    html = shown("/recherche/?departement=71&pole=deux")
    assert html.count('<article class="card">') == 2
    assert (box(html, "departement", "71"), box(html, "pole", "deux")) == ((True, 2), (True, 2))


def test_a_chosen_pole_is_in_sight_and_goes_in_one_click(shown: Shown) -> None:
    html = shown("/recherche/?pole=deux&sort=date")
    [opened] = re.findall(r'<details class="under" id="([^"]+)" open>', html)
    assert opened == "r-departement-71"
    assert re.search(r'href="\?sort=date"><span class="sr">Retirer le filtre </span>Pôle\s: Pôle deux', html)
    assert '<span class="check">Yonne</span>' in html
    assert box(html, "departement", "89") is None
    assert box(html, "pole", "trois") == (False, 1)


def test_every_box_has_an_id_of_its_own(shown: Shown) -> None:
    ids = re.findall(r' id="([^"]+)"', shown("/recherche/?pole=jamais-vu&departement=99"))
    assert len(ids) == len(set(ids))
