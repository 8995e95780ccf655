"""The map of the pôles: where their zones d’emploi lie, drawn from the database. Pure geometry.

It shows positions, not borders: each zone is the land nearer to its main town than to any other, up to `REACH`. What
stands beside it says the same in words.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import EmploymentZone, Pole

Point = tuple[float, float]

#: Pixels of the drawing for a degree of latitude.
SCALE = 300
#: How far a zone reaches from its town where no other is near, in degrees of latitude (about 47 km).
REACH = 0.42
MARGIN = 12
_CORNERS = 36
#: Letters of a name that fit beside its neighbours.
LONGEST_LINE = 13
#: Shades that the style sheet has.
SHADES = 6


@dataclass(frozen=True)
class Cell:
    """One zone: its outline as SVG points, its town, the pôles that share it, the first one's shade (none: 0)."""

    zone: EmploymentZone
    poles: tuple[Pole, ...]
    mark: str
    shade: int
    faded: bool
    points: str
    x: int
    y: int

    @property
    def lines(self) -> list[str]:
        """The zone's name, in two lines when it is long: « Chalon- », « sur-Saône »."""
        name = self.zone.name
        cut = name.find("-") + 1 or name.find(" ") + 1
        return [name] if len(name) <= LONGEST_LINE or not cut else [name[:cut], name[cut:]]


@dataclass(frozen=True)
class Territory:
    """`cells` of the zones that have a place; width and height in the drawing's own pixels."""

    width: int
    height: int
    cells: tuple[Cell, ...]


def territory_of(
    zones: Iterable[EmploymentZone],
    poles: Sequence[tuple[str, Pole, Iterable[int]]],
    only: Pole | None = None,
) -> Territory | None:
    """The drawing of `zones`; `poles`: each pôle with the mark by which it is listed and the ids of its zones.

    `only`: the other pôles' zones are pale. None when no zone has a place.
    """
    placed = [zone for zone in zones if zone.latitude is not None and zone.longitude is not None]
    if not placed:
        return None
    flat = _projected(placed)
    outlines = [_outline(town, flat) for town in flat]
    left = min(x for outline in outlines for x, _ in outline) - MARGIN
    top = min(y for outline in outlines for _, y in outline) - MARGIN
    holders: dict[int, list[int]] = defaultdict(list)
    for rank, (_, _, ids) in enumerate(poles):
        for pk in ids:
            holders[pk].append(rank)
    cells = []
    for zone, town, outline in zip(placed, flat, outlines, strict=True):
        ranks = holders[zone.pk]
        shared = tuple(poles[rank][1] for rank in ranks)
        cells.append(
            Cell(
                zone=zone,
                poles=shared,
                mark=", ".join(poles[rank][0] for rank in ranks),
                shade=ranks[0] % SHADES + 1 if ranks else 0,
                faded=only is not None and only not in shared,
                points=" ".join(f"{round(x - left)},{round(y - top)}" for x, y in outline),
                x=round(town[0] - left),
                y=round(town[1] - top),
            )
        )
    return Territory(
        width=round(max(x for outline in outlines for x, _ in outline) - left + MARGIN),
        height=round(max(y for outline in outlines for _, y in outline) - top + MARGIN),
        cells=tuple(cells),
    )


def _projected(zones: list[EmploymentZone]) -> list[Point]:
    """Towns on a plane, north upwards, true in the middle of the region."""
    middle = sum(zone.latitude or 0 for zone in zones) / len(zones)
    narrow = math.cos(math.radians(middle))
    return [((zone.longitude or 0) * narrow * SCALE, -(zone.latitude or 0) * SCALE) for zone in zones]


def _outline(town: Point, towns: list[Point]) -> list[Point]:
    """A disc around the town, less what is nearer to another one."""
    reach = REACH * SCALE
    outline = [
        (
            town[0] + reach * math.cos(2 * math.pi * corner / _CORNERS),
            town[1] + reach * math.sin(2 * math.pi * corner / _CORNERS),
        )
        for corner in range(_CORNERS)
    ]
    for other in towns:
        if other != town:
            outline = _nearer(outline, town, other)
    return outline


def _nearer(outline: list[Point], town: Point, other: Point) -> list[Point]:
    """The part of a convex `outline` that is nearer to `town` than to `other` (Sutherland and Hodgman)."""
    across = (other[0] - town[0], other[1] - town[1])
    half = ((town[0] + other[0]) / 2, (town[1] + other[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - half[0]) * across[0] + (point[1] - half[1]) * across[1]

    kept: list[Point] = []
    for here, there in zip(outline, [*outline[1:], *outline[:1]], strict=True):
        a, b = beyond(here), beyond(there)
        if a <= 0:
            kept.append(here)
        if a * b < 0:
            share = a / (a - b)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept
