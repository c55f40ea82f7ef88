"""Native charts, as plain descriptions."""

from dataclasses import dataclass
from typing import Literal

from xlmodel.calc.address import Area, Ref

ACROSS = "#,##0"  # numbers along the bottom of a scatter chart
Marker = Literal["none", "circle", "dash", "diamond", "plus", "square", "star", "triangle", "x"]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart. For bars `xs` holds the categories; without a hue the bar is not seen."""

    name: Ref
    xs: Area
    ys: Area
    hue: str
    marker: Marker = "none"


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart. The title is a cell, so that it can say the finding by formula."""

    kind: str
    title: Ref
    x_title: str
    y_title: str
    series: tuple[Series, ...]
    anchor: tuple[int, int, int, int]
    alt: str
    log: bool = False
    y_format: str = "General"
    legend: bool = True
    stacked: bool = False
    low: float | None = 0.0
