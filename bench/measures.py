"""Timing of calls side by side, and tables in Markdown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

Asked = TypeVar("Asked")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def side_by_side(
    asked: Sequence[Asked], calls: dict[str, Callable[[Asked], object]], rounds: int
) -> dict[str, list[float]]:
    """Milliseconds of each call for each thing asked: the median of its rounds.

    The calls alternate and begin in turn, so that none finds the caches warmer than another.
    """
    names = list(calls)
    times: dict[str, list[list[float]]] = {name: [[] for _ in asked] for name in names}
    for turn in range(rounds + 1):
        for place, question in enumerate(asked):
            first = (turn + place) % len(names)
            for name in names[first:] + names[:first]:
                start = perf_counter()
                calls[name](question)
                if turn:  # the first round warms up
                    times[name][place].append((perf_counter() - start) * 1000)
    return {name: [median(found) for found in each] for name, each in times.items()}


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(heads)]
    lines.append(["---"] * len(lines[0]))
    lines += [[shown(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def shown(cell: object) -> str:
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else str(cell)
    return f"{cell:,.0f}" if cell >= 1000 else f"{cell:.2f}" if cell < 100 else f"{cell:.1f}"
