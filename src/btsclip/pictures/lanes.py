"""Draw the lanes of the timeline: one per signal, with its name and scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from btsclip.moments import HIGH_BELIEF, Moment
from btsclip.pictures import palette
from btsclip.pictures.axis import TimeAxis
from btsclip.pictures.curves import Array, CurveLane
from btsclip.pictures.shapes import Rect, Shape, Strokes, TextLine
from btsclip.signals import Signals

# Heights and gaps in pixels.
WORK_HEIGHT = 128.0
LANE_HEIGHT = 58.0
STRIP_HEIGHT = 16.0
LANE_GAP = 8.0
STRIP_GAP = 4.0
# Left edge of the lanes' names.
NAMES_X = 32.0
# Speed in picture widths per second that fills its lane: fast work, or a swinging camera.
MAX_SPEED = 0.5
# Narrower work, in pixels, has no line along its top: it would be all line.
MIN_LINE_WIDTH = 4.0
MAX_HANDS = 3
MAX_FACES = 2


def draw_lanes(
    axis: TimeAxis,
    top: float,
    signals: Signals,
    process: Array,
    moments: Sequence[Moment],
    has_sound: bool,
) -> tuple[list[Shape], float]:
    """All lanes from `top` down, and their bottom in pixels. `process` (n,) is the belief in work
    at the signals' times."""
    shapes: list[Shape] = []
    work = CurveLane(axis, signals.times, top, top + WORK_HEIGHT)
    shapes += _draw_work(work, process, moments)
    hands = _lane_below(work, LANE_HEIGHT)
    shapes += _draw_hands(hands, signals)
    motion = _lane_below(hands, LANE_HEIGHT)
    shapes += _draw_motion(motion, signals)
    sound = _lane_below(motion, LANE_HEIGHT)
    shapes += _draw_sound(sound, signals) if has_sound else _draw_no_sound(sound)
    strips: dict[str, Array] = {"rhythm": signals.rhythm}
    if has_sound:
        strips |= {"voice": signals.voice, "sizzle": signals.sizzle, "clatter": signals.clatter}
    strips["faces"] = np.minimum(signals.faces / MAX_FACES, 1.0)
    lane, gap = sound, LANE_GAP
    for name, values in strips.items():
        lane, gap = _lane_below(lane, STRIP_HEIGHT, gap), STRIP_GAP
        shapes += [*_draw_card(lane, name.capitalize()), *lane.area(values, palette.STRIPS[name])]
    return shapes, lane.bottom


def _lane_below(lane: CurveLane, height: float, gap: float = LANE_GAP) -> CurveLane:
    return CurveLane(lane.axis, lane.times, lane.bottom + gap, lane.bottom + gap + height)


def _draw_card(
    lane: CurveLane, name: str, notes: Mapping[str, str] | None = None
) -> Iterator[Shape]:
    """The lane's ground, its name, and notes with the colors of its curves."""
    axis = lane.axis
    yield Rect(axis.left, lane.top, axis.width, lane.height, palette.CARD)
    grid = tuple((axis.x(tick), lane.top, lane.bottom) for tick in axis.ticks())
    yield Strokes(grid, palette.GRID)
    y, size = (lane.top + 16, 14) if notes else (lane.top + 13, 13)
    yield TextLine(NAMES_X, y, name, size, palette.INK)
    for line, (note, color) in enumerate((notes or {}).items()):
        yield TextLine(NAMES_X, lane.top + 33 + 15 * line, note, 11.5, color)


def _draw_work(lane: CurveLane, process: Array, moments: Sequence[Moment]) -> Iterator[Shape]:
    yield from _draw_card(lane, "Work", {"how sure, 0 to 1": palette.SOFT_INK})
    yield from lane.area(process, palette.BELIEF_IDLE)
    for moment in moments:
        if moment.kind == "process":
            span = (moment.start, moment.end)
            yield from lane.area(process, palette.BELIEF, part=span)
            if lane.axis.x(moment.end) - lane.axis.x(moment.start) >= MIN_LINE_WIDTH:
                yield lane.line(process, palette.BELIEF_LINE, width=2.5, part=span)
    level = lane.bottom - lane.height * HIGH_BELIEF
    yield Rect(lane.axis.left, level - 0.5, lane.axis.width, 1, palette.BORDER, 0.4)
    text = f"begins at {HIGH_BELIEF:g}"
    yield TextLine(lane.axis.left - 8, level + 4, text, 11.5, palette.SOFT_INK, "end")


def _draw_hands(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    notes = {f"count, up to {MAX_HANDS}": palette.SOFT_INK, "how sure": palette.HANDS_LINE}
    yield from _draw_card(lane, "Hands", notes)
    yield lane.stairs(signals.hands, palette.HANDS, MAX_HANDS)
    yield lane.line(signals.presence, palette.HANDS_LINE)


def _draw_motion(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    notes = {"of the hands": palette.MOTION_LINE, "of the camera": palette.CAMERA}
    yield from _draw_card(lane, "Motion", notes)
    yield from lane.area(signals.motion, palette.MOTION, MAX_SPEED)
    yield lane.line(signals.camera, palette.CAMERA, MAX_SPEED, 1.2)
    yield lane.line(signals.hand_motion, palette.MOTION_LINE, MAX_SPEED)


def _draw_sound(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    yield from _draw_card(lane, "Sound", {"level": palette.SOFT_INK, "blows": palette.ONSET})
    yield from lane.wave(signals.sound, palette.SOUND)
    yield lane.onsets(signals.onsets, palette.ONSET)


def _draw_no_sound(lane: CurveLane) -> Iterator[Shape]:
    yield from _draw_card(lane, "Sound")
    middle, base = (lane.axis.left + lane.axis.right) / 2, (lane.top + lane.bottom) / 2 + 5
    yield TextLine(middle, base, "no sound in this take", 13, palette.SOFT_INK, "middle")
