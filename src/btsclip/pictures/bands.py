"""Draw moments on the timeline: chips with names above the curves, and tints over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from btsclip.moments import Moment
from btsclip.pictures.axis import TimeAxis, format_span
from btsclip.pictures.lettering import text_width
from btsclip.pictures.palette import BORDER, SOFT_INK, WHITE, kind_color
from btsclip.pictures.shapes import Rect, Shape, Strokes, TextLine

# Pixels.
CHIP_HEIGHT = 24.0
CHIP_GAP = 3.0
LABEL_HEIGHT = 18.0
FONT_SIZE = 13.0
# Narrower moments are drawn this wide, so that they can be seen.
MIN_WIDTH = 1.0
# Opacity of the tint over a moment's signals.
TINT_OPACITY = 0.09
# Opacity of an idle moment's chip.
IDLE_OPACITY = 0.22


def moment_label(moment: Moment) -> str:
    """The word for a moment: its action if recognized, else its kind."""
    return moment.action if moment.action and moment.action != "other" else moment.kind


def best_first(moments: Iterable[Moment]) -> list[Moment]:
    """Moments that are not idle, by score."""
    busy = (moment for moment in moments if moment.kind != "idle")
    return sorted(busy, key=lambda moment: -moment.score)


def tooltip(moment: Moment) -> str:
    """All facts about a moment in one line."""
    action = f" ({moment.action})" if moment.action else ""
    when = format_span(moment.start, moment.end)
    return f"{moment.id} {moment.kind}{action}, {when}, score {moment.score:.2f}: {moment.why}"


def extent(axis: TimeAxis, moment: Moment) -> tuple[float, float]:
    """Left and right pixel of a moment, at least MIN_WIDTH apart and within the axis."""
    left, right = axis.x(moment.start), axis.x(moment.end)
    if right - left < MIN_WIDTH:
        left = min(max(axis.left, (left + right - MIN_WIDTH) / 2), axis.right - MIN_WIDTH)
        right = left + MIN_WIDTH
    return left, right


def pack_rows(moments: Iterable[Moment]) -> list[list[Moment]]:
    """Moments in rows without overlaps. Mishaps, which overlap other moments, are placed last."""
    rows: list[list[Moment]] = []
    for moment in sorted(moments, key=lambda m: (m.kind == "mishap", m.start, m.end)):
        free = (row for row in rows if row[-1].end <= moment.start + 1e-6)
        row = next(free, None)
        if row is None:
            rows.append([moment])
        else:
            row.append(moment)
    return rows


def chips_height(moments: Sequence[Moment]) -> float:
    """Height of the chips of `moments`, in pixels."""
    return LABEL_HEIGHT + max(1, len(pack_rows(moments))) * (CHIP_HEIGHT + CHIP_GAP)


def draw_chips(axis: TimeAxis, moments: Sequence[Moment], top: float) -> list[Shape]:
    """The chips of all moments, the bottom row first. Names are in the chips or, for narrow chips,
    above all rows."""
    base = top + chips_height(moments) - CHIP_GAP - CHIP_HEIGHT
    shapes: list[Shape] = []
    outside: list[tuple[Moment, float]] = []
    for level, row in enumerate(pack_rows(moments)):
        y = base - level * (CHIP_HEIGHT + CHIP_GAP)
        # Other moments are drawn over idle ones: both may be a pixel wide.
        for moment in sorted(row, key=lambda m: (m.kind != "idle", m.score)):
            left, right = extent(axis, moment)
            shapes.append(_draw_chip(moment, left, right, y))
            text = _fit_label(moment, right - left - 14)
            if text:
                fill = SOFT_INK if moment.kind == "idle" else WHITE
                x = (left + right) / 2
                shapes.append(TextLine(x, y + 16.5, text, FONT_SIZE, fill, "middle"))
            elif moment.kind != "idle":
                outside.append((moment, y))
    # Labels first: their leader lines run behind the chips of upper rows.
    return [*_draw_labels(axis, outside, top + LABEL_HEIGHT - 6), *shapes]


def _draw_chip(moment: Moment, left: float, right: float, y: float) -> Rect:
    return Rect(
        left, y, max(MIN_WIDTH, right - left - 1), CHIP_HEIGHT, kind_color(moment.kind),
        IDLE_OPACITY if moment.kind == "idle" else 1.0, radius=min(4.0, (right - left) / 2),
        tip=tooltip(moment), name=f"chip {moment.id}",
    )  # fmt: skip


def draw_tints(
    axis: TimeAxis, moments: Iterable[Moment], top: float, bottom: float
) -> Iterator[Rect]:
    """A tint over all lanes in the color of each moment, with a tooltip."""
    for moment in moments:
        left, right = extent(axis, moment)
        opacity = 0.0 if moment.kind == "idle" else TINT_OPACITY
        yield Rect(
            left, top, right - left, bottom - top, kind_color(moment.kind), opacity,
            tip=tooltip(moment), name=f"moment {moment.id}",
        )  # fmt: skip


def _fit_label(moment: Moment, room: float) -> str:
    """The longest label that fits into `room` pixels; empty if none does."""
    name = moment_label(moment)
    longest = name if moment.kind == "idle" else f"{name} {moment.score:.2f}"
    return next((text for text in (longest, name) if text_width(text, FONT_SIZE) <= room), "")


def _draw_labels(
    axis: TimeAxis, outside: list[tuple[Moment, float]], base: float
) -> Iterator[Shape]:
    """Names of narrow moments in one row. If they don't all fit, mishaps come first, then the best
    scores."""
    taken: list[tuple[float, float]] = []
    for moment, chip in sorted(outside, key=lambda m: (m[0].kind != "mishap", -m[0].score)):
        label, color = moment_label(moment), kind_color(moment.kind)
        middle = sum(extent(axis, moment)) / 2
        half = text_width(label, FONT_SIZE - 1) / 2
        x = min(max(middle, axis.left + half), axis.right - half)
        left, right = x - half - 5, x + half + 5
        if any(left < taken_right and taken_left < right for taken_left, taken_right in taken):
            continue
        taken.append((left, right))
        yield TextLine(x, base, label, FONT_SIZE - 1, color, "middle")
        if chip > base + LABEL_HEIGHT:
            yield Strokes(((middle, base + 4, chip),), color)


def draw_legend(kinds: Iterable[str], x: float, y: float) -> Iterator[Shape]:
    """The colors of `kinds`, in one row with the baseline `y`."""
    for kind in kinds:
        opacity = IDLE_OPACITY if kind == "idle" else 1.0
        yield Rect(x, y - 11, 13, 13, kind_color(kind), opacity, radius=3)
        yield TextLine(x + 19, y, kind, FONT_SIZE, SOFT_INK)
        x += 19 + text_width(kind, FONT_SIZE) + 22
    yield Strokes(((x + 6, y - 12, y + 3),), BORDER, 1.0, 0.65, (4, 3))
    yield TextLine(x + 14, y, "shot border", FONT_SIZE, SOFT_INK)
