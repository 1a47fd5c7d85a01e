"""Draw the timeline of a take: its moments, and the signals behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from btsclip.media import Footage, read_stills
from btsclip.moments import Moment
from btsclip.pictures import bands, palette
from btsclip.pictures.axis import TimeAxis, format_span
from btsclip.pictures.curves import Array
from btsclip.pictures.lanes import draw_lanes
from btsclip.pictures.lettering import clean_text, shorten, text_width
from btsclip.pictures.shapes import Drawing, Picture, Rect, Shape, Strokes, TextLine
from btsclip.signals import Signals
from btsclip.wording import clock, count

# Pixels.
WIDTH = 1600
MARGIN = 32.0
LEFT = 168.0
RIGHT = 1568.0
HEADER_HEIGHT = 120.0
ROW_HEIGHT = 25.0
# Pictures of the film strip: their number, and their height in pixels.
MIN_FILM_PICTURES = 12
MAX_FILM_PICTURES = 20
FILM_HEIGHT = 84.0
MAX_FILM_HEIGHT = 140.0
# Mean distance of shot borders, in pixels, that leaves the lanes readable.
MIN_BORDER_DISTANCE = 12.0
# Moments described in words.
MAX_DESCRIBED = 6


def draw_timeline(
    footage: Footage, signals: Signals, process: Array, moments: Sequence[Moment]
) -> Drawing:
    """The timeline of `footage`; `process` (n,) is the belief in work at the signals' times.

    Raises FootageError if the file can't be opened for the film strip.
    """
    axis = TimeAxis(LEFT, RIGHT, footage.duration)
    top = HEADER_HEIGHT + bands.chips_height(moments)
    curves, bottom = draw_lanes(axis, top, signals, process, moments, footage.has_audio)
    film, film_bottom = _draw_film(footage, axis, bottom + 36)
    descriptions, end = _describe_moments(moments, film_bottom + 38)
    shapes: list[Shape] = [
        *_draw_header(footage, moments),
        *bands.draw_chips(axis, moments, HEADER_HEIGHT),
        *curves,
        *_draw_borders(axis, signals, top, bottom),
        *bands.draw_tints(axis, moments, top, bottom),
        *_draw_ticks(axis, bottom),
        *film,
        *descriptions,
    ]
    title = f"Timeline of {footage.path.name}"
    return Drawing(WIDTH, round(end), palette.GROUND, title, tuple(shapes))


def _draw_header(footage: Footage, moments: Sequence[Moment]) -> Iterator[Shape]:
    work = sum(moment.duration for moment in moments if moment.kind == "process")
    share = f"{work / footage.duration:.0%} work" if work else "no work found"
    room = RIGHT - MARGIN - text_width(share, 28) - 60
    yield TextLine(MARGIN, 50, shorten(clean_text(footage.path.name), 26, room), 26, palette.INK)
    yield TextLine(RIGHT, 50, share, 28, palette.kind_color("process" if work else "idle"), "end")
    recorded = [f"recorded {footage.created:%Y-%m-%d %H:%M}"] if footage.created else []
    size = f"{footage.width} × {footage.height}"
    facts = [clock(footage.duration), size, f"{footage.fps:.4g} fps", *recorded]
    yield TextLine(MARGIN, 77, "   ·   ".join(facts), 14, palette.SOFT_INK)
    number = count(len(bands.best_first(moments)), "moment")
    summary = f"{clock(work)} of {clock(footage.duration)}, {number}"
    yield TextLine(RIGHT, 77, summary, 14, palette.SOFT_INK, "end")
    kinds = [kind for kind in palette.KINDS if any(m.kind == kind for m in moments)]
    yield from bands.draw_legend(kinds, LEFT, 109)


def _draw_borders(axis: TimeAxis, signals: Signals, top: float, bottom: float) -> Iterator[Shape]:
    borders = sorted({round(axis.x(border)) for border in signals.borders})
    # The borders of footage with fast cuts would hide the lanes: mark them at the bottom only.
    if len(borders) * MIN_BORDER_DISTANCE > axis.width:
        top = bottom - 7
    strokes = tuple((float(x), top, bottom) for x in borders)
    if strokes:
        yield Strokes(strokes, palette.BORDER, 1.0, 0.65, (4, 3))


def _draw_ticks(axis: TimeAxis, y: float) -> Iterator[Shape]:
    step = axis.step()
    yield Rect(axis.left, y, axis.width, 1, palette.RULE)
    yield Strokes(tuple((axis.x(t), y, y + 6) for t in axis.ticks()), palette.SOFT_INK)
    for tick in axis.ticks():
        yield TextLine(
            axis.x(tick), y + 21, clock(tick, tenths=step % 1 > 0), 12, palette.SOFT_INK, "middle"
        )


def _draw_film(footage: Footage, axis: TimeAxis, top: float) -> tuple[list[Shape], float]:
    """Evenly spaced pictures below the axis, near their times, and their bottom in pixels."""
    ratio = footage.width / footage.height
    number = round(axis.width / (FILM_HEIGHT * ratio))
    number = min(MAX_FILM_PICTURES, max(MIN_FILM_PICTURES, number))
    cell = axis.width / number
    size = _fit_size(ratio, cell - 3, MAX_FILM_HEIGHT)
    distance = footage.duration / number
    spans = [(i * distance, (i + 0.5) * distance) for i in range(number)]
    shapes: list[Shape] = []
    # Twice the size on the page, for high-resolution screens.
    for i, still in enumerate(read_stills(footage, spans, round(2 * max(size)))):
        x = axis.left + i * cell + (cell - size[0]) / 2
        if still is None:
            shapes.append(Rect(x, top, *size, palette.RULE))
        else:
            shapes.append(Picture(x, top, *size, still.pixels))
    return shapes, top + size[1]


def _fit_size(ratio: float, width: float, height: float) -> tuple[float, float]:
    """The largest (width, height) of a `ratio` in a box."""
    return (width, width / ratio) if width / ratio <= height else (height * ratio, height)


def _describe_moments(moments: Sequence[Moment], top: float) -> tuple[list[Shape], float]:
    """The best moments with their reasons, and their bottom in pixels. Without any, the reason why
    the first span is idle."""
    best = bands.best_first(moments)
    described = best[:MAX_DESCRIBED] or list(moments[:1])
    more = f", {len(best)} in all" if len(best) > len(described) else ""
    heading = f"Best moments{more}" if best else "Nothing found"
    shapes: list[Shape] = [TextLine(MARGIN, top, heading, 16, palette.INK)]
    for i, moment in enumerate(described, 1):
        y = top + 4 + i * ROW_HEIGHT
        color = palette.kind_color(moment.kind)
        room = RIGHT - 470
        shapes += [
            Rect(MARGIN, y - 11, 13, 13, color, radius=3),
            TextLine(MARGIN + 22, y, bands.moment_label(moment), 14, palette.INK),
            TextLine(LEFT, y, format_span(moment.start, moment.end), 14, palette.SOFT_INK),
            Rect(LEFT + 180, y - 8, 60, 7, palette.RULE, radius=3),
            Rect(LEFT + 180, y - 8, 60 * min(1.0, max(0.0, moment.score)), 7, color, radius=3),
            TextLine(LEFT + 250, y, f"{moment.score:.2f}", 14, palette.INK),
            TextLine(470, y, shorten(clean_text(moment.why), 14, room), 14, palette.SOFT_INK),
        ]
    return shapes, top + 4 + len(described) * ROW_HEIGHT + 28
