"""The shapes of a drawing; svg.py and raster.py draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Rect:
    """A rectangle. Colors are "#rrggbb", `tip` is a tooltip, and `name` says what the rectangle
    represents, such as "moment m001"."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None = None
    opacity: float = 1.0
    stroke: str | None = None
    stroke_width: float = 1.0
    radius: float = 0.0
    tip: str = ""
    name: str = ""


@dataclass(frozen=True)
class Area:
    """A filled shape within `points`."""

    points: tuple[Point, ...]
    fill: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Line:
    """A line through `points`."""

    points: tuple[Point, ...]
    stroke: str
    width: float = 1.5
    opacity: float = 1.0


@dataclass(frozen=True)
class Strokes:
    """Upright strokes, each (x, top, bottom)."""

    strokes: tuple[tuple[float, float, float], ...]
    stroke: str
    width: float = 1.0
    opacity: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class TextLine:
    """One line of bold text; `y` is its baseline, `size` its em in pixels."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    anchor: Anchor = "start"


@dataclass(frozen=True, eq=False)
class Picture:
    """RGB `pixels` (h, w, 3) scaled to fill the rectangle."""

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[np.uint8]


Shape = Rect | Area | Line | Strokes | TextLine | Picture


@dataclass(frozen=True)
class Drawing:
    """Shapes in painting order on a ground of one color; sizes in pixels."""

    width: int
    height: int
    ground: str
    title: str
    shapes: tuple[Shape, ...]
