"""Moments on the timeline: a chip with a name above the curves and a tint over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from btsclip.moments.find import Moment
from btsclip.pictures.axis import TimeAxis, span
from btsclip.pictures.lettering import width
from btsclip.pictures.palette import BORDER, SOFT_INK, WHITE, kind_color
from btsclip.pictures.shapes import Rect, Shape, Strokes, TextLine

CHIP, GAP, LABEL = 24.0, 3.0, 18.0
SIZE = 13.0
# What is narrower than this many pixels is drawn as wide as that, or nobody would see it.
NARROWEST = 1.0
# Opacity of the veil over a moment's signals, and of an idle moment's chip.
TINT, PALE = 0.09, 0.22


def moment_label(moment: Moment) -> str:
    """The word for a moment: its action where that was made out, else its kind."""
    return moment.action if moment.action and moment.action != "other" else moment.kind


def best_first(moments: Iterable[Moment]) -> list[Moment]:
    """Moments that are not idle, by score."""
    busy = (moment for moment in moments if moment.kind != "idle")
    return sorted(busy, key=lambda moment: -moment.score)


def tip(moment: Moment) -> str:
    """All that is known of a moment in one line."""
    action = f" ({moment.action})" if moment.action else ""
    when = span(moment.start, moment.end)
    return f"{moment.id} {moment.kind}{action}, {when}, score {moment.score:.2f}: {moment.why}"


def extent(axis: TimeAxis, moment: Moment) -> tuple[float, float]:
    """First and last pixel of a moment, NARROWEST apart at least and within the axis."""
    low, high = axis.x(moment.start), axis.x(moment.end)
    if high - low < NARROWEST:
        low = min(max(axis.left, (low + high - NARROWEST) / 2), axis.right - NARROWEST)
        high = low + NARROWEST
    return low, high


def rows(moments: Iterable[Moment]) -> list[list[Moment]]:
    """Moments in rows without overlaps; mishaps, which lie upon others, come after these."""
    found: list[list[Moment]] = []
    for moment in sorted(moments, key=lambda m: (m.kind == "mishap", m.start, m.end)):
        free = (row for row in found if row[-1].end <= moment.start + 1e-6)
        row = next(free, None)
        if row is None:
            found.append([moment])
        else:
            row.append(moment)
    return found


def height(moments: Sequence[Moment]) -> float:
    """Pixels that `chips` needs for `moments`."""
    return LABEL + max(1, len(rows(moments))) * (CHIP + GAP)


def chips(axis: TimeAxis, moments: Sequence[Moment], top: float) -> list[Shape]:
    """Each moment's chip, the lowest row first, with its name in it or, if narrow, above all."""
    base = top + height(moments) - GAP - CHIP
    found: list[Shape] = []
    outside: list[tuple[Moment, float]] = []
    for level, row in enumerate(rows(moments)):
        y = base - level * (CHIP + GAP)
        # What is found goes over what is not, where both are no wider than a hair.
        for moment in sorted(row, key=lambda m: (m.kind != "idle", m.score)):
            low, high = extent(axis, moment)
            found.append(_chip(moment, low, high, y))
            text = _fitting(moment, high - low - 14)
            if text:
                fill = SOFT_INK if moment.kind == "idle" else WHITE
                found.append(TextLine((low + high) / 2, y + 16.5, text, SIZE, fill, "middle"))
            elif moment.kind != "idle":
                outside.append((moment, y))
    # Labels first: their leaders run behind the chips of upper rows.
    return [*_labels(axis, outside, top + LABEL - 6), *found]


def _chip(moment: Moment, low: float, high: float, y: float) -> Rect:
    return Rect(
        low, y, max(NARROWEST, high - low - 1), CHIP, kind_color(moment.kind),
        PALE if moment.kind == "idle" else 1.0, radius=min(4.0, (high - low) / 2),
        tip=tip(moment), name=f"chip {moment.id}",
    )  # fmt: skip


def tints(axis: TimeAxis, moments: Iterable[Moment], top: float, bottom: float) -> Iterator[Rect]:
    """Over all lanes a veil in each moment's colour, which also tells about it when pointed at."""
    for moment in moments:
        low, high = extent(axis, moment)
        opacity = 0.0 if moment.kind == "idle" else TINT
        yield Rect(
            low, top, high - low, bottom - top, kind_color(moment.kind), opacity,
            tip=tip(moment), name=f"moment {moment.id}",
        )  # fmt: skip


def _fitting(moment: Moment, room: float) -> str:
    name = moment_label(moment)
    longest = name if moment.kind == "idle" else f"{name} {moment.score:.2f}"
    return next((text for text in (longest, name) if width(text, SIZE) <= room), "")


def _labels(axis: TimeAxis, outside: list[tuple[Moment, float]], base: float) -> Iterator[Shape]:
    """Names of narrow moments in one row; where room is short, of mishaps and of the best."""
    taken: list[tuple[float, float]] = []
    for moment, chip in sorted(outside, key=lambda m: (m[0].kind != "mishap", -m[0].score)):
        middle = sum(extent(axis, moment)) / 2
        half = width(moment_label(moment), SIZE - 1) / 2
        at = min(max(middle, axis.left + half), axis.right - half)
        low, high = at - half - 5, at + half + 5
        if any(low < other_high and other_low < high for other_low, other_high in taken):
            continue
        taken.append((low, high))
        yield TextLine(at, base, moment_label(moment), SIZE - 1, kind_color(moment.kind), "middle")
        if chip > base + LABEL:
            yield Strokes(((middle, base + 4, chip),), kind_color(moment.kind))


def legend(kinds: Iterable[str], x: float, y: float) -> Iterator[Shape]:
    """What the colours mean, in one row with the base line `y`."""
    for kind in kinds:
        yield Rect(x, y - 11, 13, 13, kind_color(kind), PALE if kind == "idle" else 1.0, radius=3)
        yield TextLine(x + 19, y, kind, SIZE, SOFT_INK)
        x += 19 + width(kind, SIZE) + 22
    yield Strokes(((x + 6, y - 12, y + 3),), BORDER, 1.0, 0.65, (4, 3))
    yield TextLine(x + 14, y, "shot border", SIZE, SOFT_INK)
