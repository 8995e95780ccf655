"""The map says what the database says, and what the table says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from kb.loading.accounts import load_people
from kb.poles.models import EmploymentZone, Pole
from kb.poles.territory import territory_of
from tests.people import People

pytestmark = pytest.mark.django_db


def zones(*places: tuple[float, float]) -> list[EmploymentZone]:
    return [
        EmploymentZone(
            pk=number, slug=f"z{number}", name=f"Z{number}", department="21", latitude=a, longitude=b
        )
        for number, (a, b) in enumerate(places, start=1)
    ]


def points(text: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in (pair.split(",") for pair in text.split())]


def test_north_is_up_and_west_is_left() -> None:
    drawn = territory_of(zones((48.0, 3.0), (47.0, 5.0)), [])
    assert drawn is not None
    north, east = drawn.cells
    assert north.y < east.y
    assert north.x < east.x
    for cell in drawn.cells:
        assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in points(cell.points))


def test_two_neighbours_share_their_border() -> None:
    drawn = territory_of(zones((47.0, 4.0), (47.0, 4.3)), [])
    assert drawn is not None
    west, east = drawn.cells
    middle = (west.x + east.x) / 2
    assert max(x for x, _ in points(west.points)) == pytest.approx(middle, abs=1)
    assert min(x for x, _ in points(east.points)) == pytest.approx(middle, abs=1)


def test_zones_without_a_place_and_two_in_one_place() -> None:
    lost = EmploymentZone(pk=9, slug="z9", name="Z9", department="21")
    assert territory_of([lost], []) is None
    drawn = territory_of([*zones((47.0, 4.0), (47.0, 4.0)), lost], [])
    assert drawn is not None
    assert len(drawn.cells) == 2


def test_a_zone_that_two_poles_share(people: People, client: Client) -> None:
    zone = EmploymentZone.objects.get(slug="zone-premier")
    EmploymentZone.objects.update(latitude=47.0, longitude=4.0)
    other = Pole.objects.get(pk=people.other_pole.pk)
    other.zones.set([zone])
    other.save_revision().publish(skip_permission_checks=True)
    svg = client.get("/poles/").content.decode().split("</svg>")
    drawing = next(part for part in svg if 'class="map"' in part)
    assert "Pôle premier, Pôle second</title>" in drawing
    assert ">1, 2</text>" in drawing


def test_the_map_and_the_table_agree(client: Client) -> None:
    call_command("load_reference")
    load_people()
    html = client.get("/poles/").content.decode()
    svg, table = re.findall(r"<svg class=\"map\".*?</svg>|<table.*?</table>", html, re.DOTALL)
    drawn = set(re.findall(r"<title>([^<]+?)\s?:\s([^<]+)</title>", svg.replace("\u202f", " ")))
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)[1:]
    told: set[tuple[str, str]] = set()
    for row in rows:
        title = re.findall(r'<a class="row"[^>]*>([^<]+)</a>', row)[0]
        told |= {
            (zone, title)
            for zone in re.findall(r"([^<>,(]+?)&nbsp;\(\d\d\)", row.replace("\u00a0(", "&nbsp;("))
        }
    assert len(rows) == Pole.objects.count() == 6
    clean = {(zone.strip(), title.replace("\u00a0", " ")) for zone, title in told}
    assert {(zone.strip(), title.replace("\u00a0", " ")) for zone, title in drawn} == clean
    assert len(clean) == EmploymentZone.objects.count() == 16


def test_a_closed_pole_is_not_on_the_map(people: People, client: Client) -> None:
    EmploymentZone.objects.update(latitude=47.0, longitude=4.0)
    Pole.objects.filter(pk=people.pole.pk).update(closed_on="2026-01-31")
    svg = client.get("/poles/").content.decode().split("</svg>")[1]
    assert "Pôle premier" not in svg
    assert "Zone de Pôle premier" in client.get("/poles/").content.decode()


def test_a_pole_shows_where_it_lies(people: People, client: Client) -> None:
    EmploymentZone.objects.filter(slug="zone-premier").update(latitude=47.0, longitude=4.0)
    EmploymentZone.objects.filter(slug="zone-second").update(latitude=47.5, longitude=4.0)
    html = client.get("/poles/premier/").content.decode()
    assert html.count('class="cell faded"') == 1
    assert html.count('class="cell land-1"') == 1


def test_zones_loaded_before_get_their_place_and_moved_ones_keep_theirs(people: Any) -> None:
    call_command("load_reference")
    EmploymentZone.objects.filter(slug="dijon").update(latitude=None, longitude=None)
    EmploymentZone.objects.filter(slug="beaune").update(latitude=45.0)
    call_command("load_reference")
    assert EmploymentZone.objects.get(slug="dijon").latitude == pytest.approx(47.32)
    assert EmploymentZone.objects.get(slug="beaune").latitude == 45.0
