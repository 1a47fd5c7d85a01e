"""Draw the findings of one metric: a row per question, all intervals on one scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from btsclip.measure.compare import Finding
from btsclip.measure.sentences import describe_clips, format_ratio, sentence
from btsclip.pictures import (
    Drawing,
    Line,
    Rect,
    Shape,
    Strokes,
    TextLine,
    palette,
    shorten,
    text_width,
)

# Pixels.
WIDTH = 860
NAMES_WIDTH = 250.0
FIGURES_WIDTH = 190.0
MARGIN = 16.0
ROW_HEIGHT = 30.0
TOP = 26.0
BOTTOM = 34.0
FONT_SIZE = 13.0
# Logarithm of the largest ratio on the scale. Ratios beyond the scale are drawn at its end.
MIN_LOG_RATIO = math.log(1.6)
MAX_LOG_RATIO = math.log(5)
TICKS = (0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Colors:
    """Colors for a light or dark page. Text has a contrast of at least 4.5 to the ground."""

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


def draw_findings(findings: Sequence[Finding], title: str, colors: Colors = LIGHT) -> Drawing:
    """A chart of the findings of one metric, the clearest first."""
    rows = sorted(findings, key=lambda f: f.p)
    logs = (abs(math.log(ratio)) for f in rows for ratio in (f.low, f.high))
    reach = max(logs, default=MIN_LOG_RATIO)
    scale = _Scale(min(max(reach * 1.05, MIN_LOG_RATIO), MAX_LOG_RATIO))
    bottom = TOP + ROW_HEIGHT * len(rows)
    shapes: list[Shape] = [*_draw_grid(scale, bottom, colors)]
    for index, finding in enumerate(rows):
        shapes += _draw_row(finding, TOP + ROW_HEIGHT * (index + 0.5), scale, colors)
    return Drawing(WIDTH, round(bottom + BOTTOM), colors.ground, title, tuple(shapes))


@dataclass(frozen=True)
class _Scale:
    """A logarithmic scale of ratios, from -`reach` to `reach` around 1."""

    reach: float

    def x(self, ratio: float) -> float:
        """The pixel of a ratio."""
        left, right = MARGIN + NAMES_WIDTH, WIDTH - MARGIN - FIGURES_WIDTH
        share = (math.log(ratio) + self.reach) / (2 * self.reach)
        return left + (right - left) * min(1.0, max(0.0, share))


def _draw_grid(scale: _Scale, bottom: float, colors: Colors) -> Iterator[Shape]:
    label_end = -math.inf
    for tick in (tick for tick in TICKS if abs(math.log(tick)) <= scale.reach):
        x = scale.x(tick)
        if tick == 1.0:
            yield Strokes(((x, TOP - 6, bottom + 4),), colors.soft, 1.5)
        else:
            yield Strokes(((x, TOP, bottom),), colors.grid)
        label = f"{tick:g}x"
        half_width = text_width(label, FONT_SIZE - 1) / 2
        if x - half_width > label_end + 6:
            yield TextLine(x, bottom + 22, label, FONT_SIZE - 1, colors.soft, "middle")
            label_end = x + half_width


def _draw_row(finding: Finding, y: float, scale: _Scale, colors: Colors) -> Iterator[Shape]:
    color = colors.sure if finding.sure else colors.unsure
    ink = colors.ink if finding.sure else colors.soft
    name = shorten(describe_clips(finding.question), FONT_SIZE, NAMES_WIDTH - 12)
    yield TextLine(MARGIN, y + 4.5, name, FONT_SIZE, ink)
    low, high, middle = (scale.x(v) for v in (finding.low, finding.high, finding.ratio))
    yield Line(((low, y), (high, y)), color, 3.0 if finding.sure else 2.0)
    yield Strokes(((low, y - 5, y + 5), (high, y - 5, y + 5)), color, 1.5)
    # A clear difference has a filled mark, others an open one: color alone is not enough.
    fill = color if finding.sure else colors.ground
    yield Rect(
        middle - 5.5, y - 5.5, 11, 11, fill, stroke=color, stroke_width=2, radius=5.5,
        tip=sentence(finding),
    )  # fmt: skip
    figures = (
        f"{format_ratio(finding.ratio)} ({format_ratio(finding.low)}–{format_ratio(finding.high)})"
    )
    clips = f"{finding.clips} clips"
    yield TextLine(WIDTH - MARGIN - 62, y + 4.5, figures, FONT_SIZE, ink, "end")
    yield TextLine(WIDTH - MARGIN, y + 4.5, clips, FONT_SIZE - 1, colors.soft, "end")
