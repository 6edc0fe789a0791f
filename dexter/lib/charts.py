"""The geometry of charts that templates draw as SVG: numbers alone, in the units of the drawing's own frame.

A chart never says more than the table beside it, which is the truth; `templates/parts/bars.svg` and `line.svg` draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH = 400  # of every frame: as wide as a phone, so that letters stay readable there
LABEL, ROW, BAR, FOOT = 104, 24, 14, 22  # width of names; heights of a row, of its bar, of the scale below
RIGHT = 46  # room for the figure after a bar
GAP = 5  # before that figure
LETTERS = 16  # of a name, beyond which it is cut
EXACT = 6  # decimals of a sum; more would tell in which order it was added
LEAST = 0.001  # below which a figure is nothing
TALL, TOP, LEFT = 140, 10, 34  # the plane of a line


@dataclass(frozen=True)
class Part:
    x: float
    width: float
    kind: str  # the class that colours it


@dataclass(frozen=True)
class Bar:
    label: str
    y: float
    parts: list[Part]
    total: float
    height: int = BAR

    @property
    def end(self) -> float:
        """Where its figure begins."""
        return (self.parts[-1].x + self.parts[-1].width if self.parts else LABEL) + GAP

    @property
    def text_y(self) -> float:
        return self.y + BAR - 3


@dataclass(frozen=True)
class Tick:
    at: float
    value: float

    @property
    def text_y(self) -> float:
        return self.at + 3


@dataclass(frozen=True)
class Bars:
    """Lying bars of stacked parts."""

    bars: list[Bar]
    ticks: list[Tick]
    height: float
    width: int = WIDTH
    left: int = LABEL

    @property
    def foot(self) -> float:
        return self.height - FOOT


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    value: float


@dataclass(frozen=True)
class Line:
    """One value over time."""

    points: list[Point]
    ticks: list[Tick]
    height: float = TALL + TOP + FOOT
    width: int = WIDTH
    left: int = LEFT

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def foot(self) -> float:
        return self.height - FOOT


def scale_for(highest: float) -> list[float]:
    """Two to six round values from nothing to at least `highest`."""
    if highest < LEAST:
        return [0.0, 1.0]
    power = 10 ** floor(log10(highest / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * 5 >= highest)
    return [round(step * count, 6) for count in range(ceil(round(highest / step, 9)) + 1)]


def stacked_bars(rows: Sequence[tuple[str, Sequence[float]]], kinds: Sequence[str]) -> Bars:
    """A bar for each (name, values), a part for each value in the order of `kinds`."""
    scale = scale_for(max((sum(values) for _name, values in rows), default=0))
    unit = (WIDTH - LABEL - RIGHT) / scale[-1]
    bars = []
    for place, (name, values) in enumerate(rows):
        starts = [LABEL + unit * sum(values[:count]) for count in range(len(values))]
        parts = [Part(round(x, 2), round(unit * value, 2), kind) for x, value, kind in zip(starts, values, kinds, strict=True) if value > 0]
        bars.append(Bar(shortened(name), ROW * place + (ROW - BAR) / 2, parts, round(sum(values), EXACT)))
    return Bars(bars, [Tick(round(LABEL + unit * value, 2), value) for value in scale], ROW * len(rows) + FOOT)


def line(rows: Sequence[tuple[str, float]]) -> Line:
    """A point for each (name, value), evenly apart."""
    scale = scale_for(max((value for _name, value in rows), default=0))
    across = (WIDTH - LEFT - 16) / max(1, len(rows) - 1)
    up = TALL / scale[-1]
    points = [
        Point(round(LEFT + across * place, 2), round(TOP + TALL - up * value, 2), name, value) for place, (name, value) in enumerate(rows)
    ]
    return Line(points, [Tick(round(TOP + TALL - up * value, 2), value) for value in scale])


def shortened(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
