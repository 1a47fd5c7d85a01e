"""The timeline of a take: where the work is, and the signals that say why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from btsclip.media.footage import Footage
from btsclip.media.stills import read_stills
from btsclip.moments.find import Moment
from btsclip.pictures import bands, palette
from btsclip.pictures.axis import TimeAxis, span
from btsclip.pictures.curves import Array
from btsclip.pictures.lanes import lanes
from btsclip.pictures.lettering import clean, shorten, width
from btsclip.pictures.shapes import Drawing, Picture, Rect, Shape, Strokes, TextLine
from btsclip.signals.model import Signals
from btsclip.wording import clock, count

WIDTH, MARGIN = 1600, 32.0
LEFT, RIGHT = 168.0, 1568.0
HEADER = 120.0
# Pictures in the film strip: so many, about FILM pixels high and never more than TALLEST.
FEWEST, MOST = 12, 20
FILM, TALLEST = 84.0, 140.0
# Pixels between shot borders, in the mean, that leave the lanes readable.
CLOSEST = 12.0
# This many moments are told in words.
TOLD, ROW = 6, 25.0


def draw_timeline(
    footage: Footage, signals: Signals, process: Array, moments: Sequence[Moment]
) -> Drawing:
    """The timeline of `footage`; `process` (n,) is the belief in work at the signals' times.

    The film strip is decoded from the file: raises FootageError when that can't be opened.
    """
    axis = TimeAxis(LEFT, RIGHT, footage.duration)
    top = HEADER + bands.height(moments)
    curves, bottom = lanes(axis, top, signals, process, moments, footage.has_audio)
    film, film_end = _film(footage, axis, bottom + 36)
    told, end = _told(moments, film_end + 38)
    shapes: list[Shape] = [
        *_header(footage, moments),
        *bands.chips(axis, moments, HEADER),
        *curves,
        *_borders(axis, signals, top, bottom),
        *bands.tints(axis, moments, top, bottom),
        *_scale(axis, bottom),
        *film,
        *told,
    ]
    title = f"Timeline of {footage.path.name}"
    return Drawing(WIDTH, round(end), palette.GROUND, title, tuple(shapes))


def _header(footage: Footage, moments: Sequence[Moment]) -> Iterator[Shape]:
    work = sum(moment.duration for moment in moments if moment.kind == "process")
    found = len(bands.best_first(moments))
    share = f"{work / footage.duration:.0%} work" if work else "no work found"
    room = RIGHT - MARGIN - width(share, 28) - 60
    yield TextLine(MARGIN, 50, shorten(clean(footage.path.name), 26, room), 26, palette.INK)
    yield TextLine(RIGHT, 50, share, 28, palette.kind_color("process" if work else "idle"), "end")
    recorded = [f"recorded {footage.created:%Y-%m-%d %H:%M}"] if footage.created else []
    size = f"{footage.width} × {footage.height}"
    facts = [clock(footage.duration), size, f"{footage.fps:.4g} fps", *recorded]
    yield TextLine(MARGIN, 77, "   ·   ".join(facts), 14, palette.SOFT_INK)
    number = count(found, "moment")
    sums = f"{clock(work)} of {clock(footage.duration)}, {number}"
    yield TextLine(RIGHT, 77, sums, 14, palette.SOFT_INK, "end")
    kinds = [kind for kind in palette.KINDS if any(m.kind == kind for m in moments)]
    yield from bands.legend(kinds, LEFT, 109)


def _borders(axis: TimeAxis, signals: Signals, top: float, bottom: float) -> Iterator[Shape]:
    places = sorted({round(axis.x(border)) for border in signals.borders})
    # Footage cut fast would be a fence: then borders are marked along the bottom only.
    if len(places) * CLOSEST > axis.width:
        top = bottom - 7
    strokes = tuple((float(x), top, bottom) for x in places)
    if strokes:
        yield Strokes(strokes, palette.BORDER, 1.0, 0.65, (4, 3))


def _scale(axis: TimeAxis, y: float) -> Iterator[Shape]:
    step = axis.step()
    yield Rect(axis.left, y, axis.width, 1, palette.RULE)
    yield Strokes(tuple((axis.x(t), y, y + 6) for t in axis.ticks()), palette.SOFT_INK)
    for tick in axis.ticks():
        yield TextLine(
            axis.x(tick), y + 21, clock(tick, tenths=step % 1 > 0), 12, palette.SOFT_INK, "middle"
        )


def _film(footage: Footage, axis: TimeAxis, top: float) -> tuple[list[Shape], float]:
    """Pictures evenly spaced below the axis, each about the time it was taken at."""
    ratio = footage.width / footage.height
    number = min(MOST, max(FEWEST, round(axis.width / (FILM * ratio))))
    cell = axis.width / number
    size = _fit(ratio, cell - 3, TALLEST)
    distance = footage.duration / number
    spans = [(i * distance, (i + 0.5) * distance) for i in range(number)]
    shapes: list[Shape] = []
    # Twice the size it is shown at: screens with small pixels show it.
    for i, still in enumerate(read_stills(footage, spans, round(2 * max(size)))):
        x = axis.left + i * cell + (cell - size[0]) / 2
        if still is None:
            shapes.append(Rect(x, top, *size, palette.RULE))
        else:
            shapes.append(Picture(x, top, *size, still.pixels))
    return shapes, top + size[1]


def _fit(ratio: float, wide: float, high: float) -> tuple[float, float]:
    """The largest size with width / height `ratio` in a box."""
    return (wide, wide / ratio) if wide / ratio <= high else (high * ratio, high)


def _told(moments: Sequence[Moment], top: float) -> tuple[list[Shape], float]:
    """The best moments with their reasons; where there are none, why the first span is idle."""
    best = bands.best_first(moments)
    told = best[:TOLD] or list(moments[:1])
    more = f", {len(best)} in all" if len(best) > len(told) else ""
    heading = f"Best moments{more}" if best else "Nothing found"
    shapes: list[Shape] = [TextLine(MARGIN, top, heading, 16, palette.INK)]
    for i, moment in enumerate(told, 1):
        y = top + 4 + i * ROW
        colour = palette.kind_color(moment.kind)
        room = RIGHT - 470
        shapes += [
            Rect(MARGIN, y - 11, 13, 13, colour, radius=3),
            TextLine(MARGIN + 22, y, bands.moment_label(moment), 14, palette.INK),
            TextLine(LEFT, y, span(moment.start, moment.end), 14, palette.SOFT_INK),
            Rect(LEFT + 180, y - 8, 60, 7, palette.RULE, radius=3),
            Rect(LEFT + 180, y - 8, 60 * min(1.0, max(0.0, moment.score)), 7, colour, radius=3),
            TextLine(LEFT + 250, y, f"{moment.score:.2f}", 14, palette.INK),
            TextLine(470, y, shorten(clean(moment.why), 14, room), 14, palette.SOFT_INK),
        ]
    return shapes, top + 4 + len(told) * ROW + 28
