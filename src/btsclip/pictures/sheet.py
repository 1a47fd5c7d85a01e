"""Draw the contact sheet: a few pictures of each moment, with the reason it was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from btsclip.geometry import corners, to_take
from btsclip.media import Footage, Still, read_stills
from btsclip.moments import Moment
from btsclip.pictures import bands, palette
from btsclip.pictures.axis import format_span
from btsclip.pictures.lettering import clean_text, shorten, text_width, wrap_lines
from btsclip.pictures.shapes import Drawing, Picture, Rect, Shape, TextLine
from btsclip.signals import STEP, Signals
from btsclip.wording import clock, count

# Pixels.
MARGIN = 32.0
CARD_GAP = 20.0
PADDING = 14.0
HEADER_HEIGHT = 104.0
HEADING_HEIGHT = 44.0
PICTURE_GAP = 8.0
CARD_WIDTH = 758.0
MAX_PICTURE_HEIGHT = 380.0
NAME_SIZE = 15.0
TEXT_SIZE = 13.5
LINE_HEIGHT = 19.0
# Pictures in a card. Upright pictures are narrow, so more of them fit.
PICTURES = 3
UPRIGHT_PICTURES = 4
MAX_COLUMNS = 2
# Cards on a page that people still look through.
MAX_CARDS = 24
MAX_REASON_LINES = 2


def draw_sheet(footage: Footage, signals: Signals, moments: Sequence[Moment]) -> Drawing:
    """The contact sheet of `footage`: its moments, best first, with the box around the hands.

    Without moments, a page that says so. Raises FootageError if the file can't be opened.
    """
    best = bands.best_first(moments)
    cards = best[:MAX_CARDS]
    if not cards:
        return _draw_empty_page(footage, moments)
    columns = min(MAX_COLUMNS, len(cards))
    page_width = round(2 * MARGIN + columns * CARD_WIDTH + (columns - 1) * CARD_GAP)
    size = _picture_size(footage)
    pictures = _read_pictures(footage, cards, round(2 * max(size)))
    shapes: list[Shape] = list(_draw_header(footage, len(cards), len(best), page_width))
    y, room = HEADER_HEIGHT, CARD_WIDTH - 2 * PADDING
    for first in range(0, len(cards), columns):
        row = range(first, min(first + columns, len(cards)))
        reasons = [
            wrap_lines(clean_text(cards[i].why), TEXT_SIZE, room, MAX_REASON_LINES) for i in row
        ]
        reason_height = max(map(len, reasons)) * LINE_HEIGHT
        height = HEADING_HEIGHT + size[1] + 10 + reason_height + PADDING
        for column, i in enumerate(row):
            x = MARGIN + column * (CARD_WIDTH + CARD_GAP)
            left, top = x + PADDING, y + HEADING_HEIGHT
            card = Rect(x, y, CARD_WIDTH, height, palette.CARD, stroke=palette.RULE, radius=6)
            shapes.append(card)
            shapes += _draw_heading(cards[i], left, y + PADDING)
            shapes += _draw_pictures(pictures[i], signals, left, top, size)
            shapes += _draw_reason(reasons[column], left, top + size[1] + 24)
        y += height + CARD_GAP
    title = f"Moments of {footage.path.name}"
    height = round(y - CARD_GAP + MARGIN)
    return Drawing(page_width, height, palette.GROUND, title, tuple(shapes))


def _pictures_per_card(footage: Footage) -> int:
    return UPRIGHT_PICTURES if footage.height > footage.width else PICTURES


def _picture_size(footage: Footage) -> tuple[float, float]:
    number = _pictures_per_card(footage)
    width = (CARD_WIDTH - 2 * PADDING - (number - 1) * PICTURE_GAP) / number
    height = width * footage.height / footage.width
    if height <= MAX_PICTURE_HEIGHT:
        return width, height
    return MAX_PICTURE_HEIGHT * width / height, MAX_PICTURE_HEIGHT


def _read_pictures(footage: Footage, moments: Sequence[Moment], side: int) -> list[list[Still]]:
    """Evenly spaced stills of each moment, read from the file in order of time."""
    number = _pictures_per_card(footage)
    # From the second quarter of each part: at the ends of moments, hands come and go.
    wanted = sorted(
        (moment.start + (k + 0.5) * moment.duration / number, moment.duration / number / 4, i)
        for i, moment in enumerate(moments)
        for k in range(number)
    )
    stills = read_stills(footage, [(time - slack, time) for time, slack, _ in wanted], side)
    by_moment: list[list[Still]] = [[] for _ in moments]
    for (*_, i), still in zip(wanted, stills, strict=True):
        if still is not None:
            by_moment[i].append(still)
    return by_moment


def _draw_header(footage: Footage, cards: int, total: int, page_width: float) -> Iterator[Shape]:
    room = page_width - 2 * MARGIN
    yield TextLine(MARGIN, 50, shorten(clean_text(footage.path.name), 26, room), 26, palette.INK)
    number = count(total, "moment")
    number = number if cards == total else f"the best {cards} of {number}"
    facts = f"{number}, best score first   ·   {clock(footage.duration)}"
    yield TextLine(MARGIN, 77, facts, 14, palette.SOFT_INK)
    box = "box around the hands"
    x = page_width - MARGIN - text_width(box, 14)
    yield from _draw_frame(x - 30, 65, 20, 13)
    yield TextLine(x, 77, box, 14, palette.SOFT_INK)


def _draw_pictures(
    pictures: Sequence[Still], signals: Signals, x: float, y: float, size: tuple[float, float]
) -> Iterator[Shape]:
    """Pictures side by side, with their times and the boxes around the hands."""
    for still in pictures:
        yield Picture(x, y, *size, still.pixels)
        yield from _draw_hand_box(signals, still.time, (x, y, *size))
        stamp = clock(still.time, tenths=True)
        yield Rect(x, y + size[1] - 18, text_width(stamp, 12) + 10, 18, palette.INK, 0.75)
        yield TextLine(x + 5, y + size[1] - 5, stamp, 12, palette.WHITE)
        x += size[0] + PICTURE_GAP


def _draw_reason(lines: Sequence[str], x: float, y: float) -> Iterator[Shape]:
    for number, line in enumerate(lines):
        yield TextLine(x, y + number * LINE_HEIGHT, line, TEXT_SIZE, palette.SOFT_INK)


def _draw_heading(moment: Moment, x: float, y: float) -> Iterator[Shape]:
    color = palette.kind_color(moment.kind)
    action = moment.action if bands.moment_label(moment) != moment.kind else None
    name = f"{moment.kind}: {action}" if action else moment.kind
    width = text_width(name, NAME_SIZE) + 20
    yield Rect(x, y, width, 24, color, radius=4)
    yield TextLine(x + 10, y + 17, name, NAME_SIZE, palette.WHITE)
    when = format_span(moment.start, moment.end)
    yield TextLine(x + width + 14, y + 17, when, NAME_SIZE, palette.INK)
    right = x + CARD_WIDTH - 2 * PADDING
    share = min(1.0, max(0.0, moment.score))
    yield Rect(right - 150, y + 8, 100, 8, palette.RULE, radius=4)
    yield Rect(right - 150, y + 8, 100 * share, 8, color, radius=4)
    yield TextLine(right, y + 17, f"{moment.score:.2f}", NAME_SIZE, palette.INK, "end")


def _draw_hand_box(
    signals: Signals, time: float, picture: tuple[float, float, float, float]
) -> Iterator[Shape]:
    """The box around all hands at `time` on the `picture` (x, y, w, h), if there are hands."""
    index = min(len(signals.times) - 1, round(time / STEP))
    box = to_take(signals.hand_box[index], signals.picture)
    if np.isnan(box).any():
        return
    x, y, width, height = picture
    # Hands may reach out of the picture, but their box must not reach into the next picture.
    x0, y0, x1, y1 = np.clip(corners(box), 0, 1).tolist()
    left, right = x + width * x0, x + width * x1
    top, bottom = y + height * y0, y + height * y1
    yield from _draw_frame(left + 1.5, top + 1.5, right - left - 3, bottom - top - 3)


def _draw_frame(x: float, y: float, width: float, height: float) -> Iterator[Shape]:
    """A bright frame with a dark edge, visible on any picture."""
    width, height = max(1.0, width), max(1.0, height)
    yield Rect(x, y, width, height, stroke=palette.BOX_EDGE, stroke_width=5)
    yield Rect(x, y, width, height, stroke=palette.BOX, stroke_width=2.5)


def _draw_empty_page(footage: Footage, moments: Sequence[Moment]) -> Drawing:
    """A page for a take without moments, with the reason of its longest idle span."""
    page_width = round(2 * MARGIN + CARD_WIDTH)
    longest = max(moments, key=lambda moment: moment.duration, default=None)
    name = shorten(clean_text(footage.path.name), 26, CARD_WIDTH)
    shapes: list[Shape] = [
        TextLine(MARGIN, 50, name, 26, palette.INK),
        TextLine(MARGIN, 77, clock(footage.duration), 14, palette.SOFT_INK),
        TextLine(MARGIN, 122, "No moment was found in this take.", 18, palette.INK),
    ]
    y = 148.0
    for line in wrap_lines(clean_text(longest.why if longest else ""), 14, CARD_WIDTH, 3):
        shapes.append(TextLine(MARGIN, y, line, 14, palette.SOFT_INK))
        y += 20
    title = f"Moments of {footage.path.name}"
    return Drawing(page_width, round(y + 12), palette.GROUND, title, tuple(shapes))
