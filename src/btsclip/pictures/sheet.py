"""The contact sheet: every moment as a few of its pictures, with the reason it was found for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from btsclip.geometry import corners, to_take
from btsclip.media.footage import Footage
from btsclip.media.stills import Still, read_stills
from btsclip.moments.find import Moment
from btsclip.pictures import bands, palette
from btsclip.pictures.axis import span
from btsclip.pictures.lettering import clean, lines, shorten, width
from btsclip.pictures.shapes import Drawing, Picture, Rect, Shape, TextLine
from btsclip.signals.model import STEP, Signals
from btsclip.wording import clock, count

MARGIN, GAP, PAD = 32.0, 20.0, 14.0
HEADER = 104.0
# Where pictures begin in a card, below its heading, and what lies between two of them.
TOP, BETWEEN = 44.0, 8.0
# A card's width and the pictures in it; upright ones are narrow, so that more of them fit.
CARD, WIDE_PICTURES, TALL_PICTURES = 758.0, 3, 4
TALLEST = 380.0
COLUMNS = 2
# More cards than these are more than anybody looks through.
MOST = 24
NAME_SIZE, TEXT_SIZE, LINE = 15.0, 13.5, 19.0
# Lines of the reason, at most.
REASON = 2


def draw_sheet(footage: Footage, signals: Signals, moments: Sequence[Moment]) -> Drawing:
    """The contact sheet of `footage`: its moments, best first, with the hands' box drawn in.

    Where nothing was found it says so. Raises FootageError when the file can't be opened.
    """
    found = bands.best_first(moments)
    shown = found[:MOST]
    if not shown:
        return _nothing(footage, moments)
    columns = min(COLUMNS, len(shown))
    width = round(2 * MARGIN + columns * CARD + (columns - 1) * GAP)
    size = _picture_size(footage)
    pictures = _pictures(footage, shown, round(2 * max(size)))
    shapes: list[Shape] = list(_header(footage, len(shown), len(found), width))
    y = HEADER
    for first in range(0, len(shown), columns):
        row = range(first, min(first + columns, len(shown)))
        reasons = [lines(clean(shown[i].why), TEXT_SIZE, CARD - 2 * PAD, REASON) for i in row]
        high = TOP + size[1] + 10 + max(map(len, reasons)) * LINE + PAD
        for column, i in enumerate(row):
            x = MARGIN + column * (CARD + GAP)
            shapes.append(Rect(x, y, CARD, high, palette.CARD, stroke=palette.RULE, radius=6))
            shapes += _heading(shown[i], x + PAD, y + PAD)
            shapes += _row(pictures[i], signals, x + PAD, y + TOP, size)
            shapes += _reason(reasons[column], x + PAD, y + TOP + size[1] + 24)
        y += high + GAP
    title = f"Moments of {footage.path.name}"
    return Drawing(width, round(y - GAP + MARGIN), palette.GROUND, title, tuple(shapes))


def _number(footage: Footage) -> int:
    return TALL_PICTURES if footage.height > footage.width else WIDE_PICTURES


def _picture_size(footage: Footage) -> tuple[float, float]:
    number = _number(footage)
    wide = (CARD - 2 * PAD - (number - 1) * BETWEEN) / number
    high = wide * footage.height / footage.width
    return (wide, high) if high <= TALLEST else (TALLEST * wide / high, TALLEST)


def _pictures(footage: Footage, moments: Sequence[Moment], side: int) -> list[list[Still]]:
    """For each moment stills from evenly over it, read from the file in the order of time."""
    number = _number(footage)
    # From the second quarter of each part: ends of moments are where hands come and go.
    wanted = sorted(
        (moment.start + (k + 0.5) * moment.duration / number, moment.duration / number / 4, i)
        for i, moment in enumerate(moments)
        for k in range(number)
    )
    seen = read_stills(footage, [(time - slack, time) for time, slack, _ in wanted], side)
    found: list[list[Still]] = [[] for _ in moments]
    for (*_, i), still in zip(wanted, seen, strict=True):
        if still is not None:
            found[i].append(still)
    return found


def _header(footage: Footage, shown: int, found: int, page: float) -> Iterator[Shape]:
    room = page - 2 * MARGIN
    yield TextLine(MARGIN, 50, shorten(clean(footage.path.name), 26, room), 26, palette.INK)
    some = count(found, "moment")
    number = some if shown == found else f"the best {shown} of {some}"
    facts = f"{number}, best score first   ·   {clock(footage.duration)}"
    yield TextLine(MARGIN, 77, facts, 14, palette.SOFT_INK)
    box = "box about the hands"
    x = page - MARGIN - width(box, 14)
    yield from _outlined(x - 30, 65, 20, 13)
    yield TextLine(x, 77, box, 14, palette.SOFT_INK)


def _row(
    pictures: Sequence[Still], signals: Signals, x: float, y: float, size: tuple[float, float]
) -> Iterator[Shape]:
    """Pictures side by side, each with its time and the box about the hands."""
    for still in pictures:
        yield Picture(x, y, *size, still.pixels)
        yield from _hand_box(signals, still.time, (x, y, *size))
        stamp = clock(still.time, tenths=True)
        yield Rect(x, y + size[1] - 18, width(stamp, 12) + 10, 18, palette.INK, 0.75)
        yield TextLine(x + 5, y + size[1] - 5, stamp, 12, palette.WHITE)
        x += size[0] + BETWEEN


def _reason(text: Sequence[str], x: float, y: float) -> Iterator[Shape]:
    for line, part in enumerate(text):
        yield TextLine(x, y + line * LINE, part, TEXT_SIZE, palette.SOFT_INK)


def _heading(moment: Moment, x: float, y: float) -> Iterator[Shape]:
    colour = palette.kind_color(moment.kind)
    action = moment.action if bands.moment_label(moment) != moment.kind else None
    name = f"{moment.kind}: {action}" if action else moment.kind
    wide = width(name, NAME_SIZE) + 20
    yield Rect(x, y, wide, 24, colour, radius=4)
    yield TextLine(x + 10, y + 17, name, NAME_SIZE, palette.WHITE)
    yield TextLine(x + wide + 14, y + 17, span(moment.start, moment.end), NAME_SIZE, palette.INK)
    right = x + CARD - 2 * PAD
    share = min(1.0, max(0.0, moment.score))
    yield Rect(right - 150, y + 8, 100, 8, palette.RULE, radius=4)
    yield Rect(right - 150, y + 8, 100 * share, 8, colour, radius=4)
    yield TextLine(right, y + 17, f"{moment.score:.2f}", NAME_SIZE, palette.INK, "end")


def _hand_box(
    signals: Signals, time: float, picture: tuple[float, float, float, float]
) -> Iterator[Shape]:
    """The box about all hands at `time` on the `picture` (x, y, w, h); nothing where none are."""
    index = min(len(signals.times) - 1, round(time / STEP))
    box = to_take(signals.hand_box[index], signals.picture)
    if np.isnan(box).any():
        return
    x, y, wide, high = picture
    # Hands may reach out of the picture; their box must not reach into the next one.
    x0, y0, x1, y1 = np.clip(corners(box), 0, 1).tolist()
    left, right, top, bottom = x + wide * x0, x + wide * x1, y + high * y0, y + high * y1
    yield from _outlined(left + 1.5, top + 1.5, right - left - 3, bottom - top - 3)


def _outlined(x: float, y: float, wide: float, high: float) -> Iterator[Shape]:
    """A bright frame with a dark edge, to be seen on any picture."""
    yield Rect(x, y, max(1.0, wide), max(1.0, high), stroke=palette.BOX_EDGE, stroke_width=5)
    yield Rect(x, y, max(1.0, wide), max(1.0, high), stroke=palette.BOX, stroke_width=2.5)


def _nothing(footage: Footage, moments: Sequence[Moment]) -> Drawing:
    """A page that says that and why nothing was found."""
    page = round(2 * MARGIN + CARD)
    longest = max(moments, key=lambda moment: moment.duration, default=None)
    name = shorten(clean(footage.path.name), 26, CARD)
    shapes: list[Shape] = [
        TextLine(MARGIN, 50, name, 26, palette.INK),
        TextLine(MARGIN, 77, clock(footage.duration), 14, palette.SOFT_INK),
        TextLine(MARGIN, 122, "No moment was found in this take.", 18, palette.INK),
    ]
    y = 148.0
    for text in lines(clean(longest.why if longest else ""), 14, CARD, 3):
        shapes.append(TextLine(MARGIN, y, text, 14, palette.SOFT_INK))
        y += 20
    title = f"Moments of {footage.path.name}"
    return Drawing(page, round(y + 12), palette.GROUND, title, tuple(shapes))
