"""What was found as a drawing: for each return a row a question, with its interval on one scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from btsclip.measure.compare import Finding
from btsclip.measure.tell import describe_clips, format_ratio, sentence
from btsclip.pictures import palette
from btsclip.pictures.lettering import shorten, width
from btsclip.pictures.shapes import Drawing, Line, Rect, Shape, Strokes, TextLine

WIDTH, NAMES, FIGURES, MARGIN = 860, 250.0, 190.0, 16.0
ROW, TOP, BOTTOM = 30.0, 26.0, 34.0
SIZE = 13.0
# The scale shows at least a half to twice, and cuts off what lies beyond a fifth or five times.
LEAST, MOST = math.log(1.6), math.log(5)
TICKS = (0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Colors:
    """Colours of a drawing on a light or dark page; text on the ground has a contrast of 4.5."""

    ground: str
    ink: str
    soft: str
    grid: str
    sure: str
    unsure: str


LIGHT = Colors(
    palette.CARD, palette.INK, palette.SOFT_INK, palette.RULE, palette.KINDS["process"],
    palette.CAMERA,
)  # fmt: skip
DARK = Colors("#161b22", "#e6edf3", "#a9b4c0", "#30363d", "#2dd4bf", "#8b98a5")


def draw(findings: Sequence[Finding], title: str, colours: Colors = LIGHT) -> Drawing:
    """The findings of one return, the surest first."""
    rows = sorted(findings, key=lambda f: f.p)
    reach = max((abs(math.log(x)) for f in rows for x in (f.low, f.high)), default=LEAST)
    scale = _Scale(min(max(reach * 1.05, LEAST), MOST))
    bottom = TOP + ROW * len(rows)
    shapes: list[Shape] = [*_grid(scale, bottom, colours)]
    for place, finding in enumerate(rows):
        shapes += _row(finding, TOP + ROW * (place + 0.5), scale, colours)
    return Drawing(WIDTH, round(bottom + BOTTOM), colours.ground, title, tuple(shapes))


@dataclass(frozen=True)
class _Scale:
    """Ratios on a logarithmic scale that reaches `reach` to both sides of 1."""

    reach: float

    def x(self, ratio: float) -> float:
        left, right = MARGIN + NAMES, WIDTH - MARGIN - FIGURES
        share = (math.log(ratio) + self.reach) / (2 * self.reach)
        return left + (right - left) * min(1.0, max(0.0, share))


def _grid(scale: _Scale, bottom: float, colours: Colors) -> Iterator[Shape]:
    last = -math.inf
    shown = [tick for tick in TICKS if abs(math.log(tick)) <= scale.reach]
    for tick in sorted(shown, key=lambda tick: tick):
        x = scale.x(tick)
        if tick == 1.0:
            yield Strokes(((x, TOP - 6, bottom + 4),), colours.soft, 1.5)
        else:
            yield Strokes(((x, TOP, bottom),), colours.grid)
        label = f"{tick:g}x"
        if x - width(label, SIZE - 1) / 2 > last + 6:
            yield TextLine(x, bottom + 22, label, SIZE - 1, colours.soft, "middle")
            last = x + width(label, SIZE - 1) / 2


def _row(finding: Finding, y: float, scale: _Scale, colours: Colors) -> Iterator[Shape]:
    colour = colours.sure if finding.sure else colours.unsure
    ink = colours.ink if finding.sure else colours.soft
    name = shorten(describe_clips(finding.question), SIZE, NAMES - 12)
    yield TextLine(MARGIN, y + 4.5, name, SIZE, ink)
    low, high, middle = (scale.x(v) for v in (finding.low, finding.high, finding.ratio))
    yield Line(((low, y), (high, y)), colour, 3.0 if finding.sure else 2.0)
    yield Strokes(((low, y - 5, y + 5), (high, y - 5, y + 5)), colour, 1.5)
    # What is sure has a full mark, all else an open one: not by colour alone.
    fill = colour if finding.sure else colours.ground
    yield Rect(
        middle - 5.5, y - 5.5, 11, 11, fill, stroke=colour, stroke_width=2, radius=5.5,
        tip=sentence(finding),
    )  # fmt: skip
    figures = (
        f"{format_ratio(finding.ratio)} ({format_ratio(finding.low)}–{format_ratio(finding.high)})"
    )
    clips = f"{finding.clips} clips"
    yield TextLine(WIDTH - MARGIN - 62, y + 4.5, figures, SIZE, ink, "end")
    yield TextLine(WIDTH - MARGIN, y + 4.5, clips, SIZE - 1, colours.soft, "end")
