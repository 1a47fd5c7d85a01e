"""The lanes of the timeline: one a signal, each with its name and its own scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from btsclip.moments.find import HIGH_BELIEF, Moment
from btsclip.pictures import palette
from btsclip.pictures.axis import TimeAxis
from btsclip.pictures.curves import Array, CurveLane
from btsclip.pictures.shapes import Rect, Shape, Strokes, TextLine
from btsclip.signals.model import Signals

BELIEF, LANE, STRIP, GAP, STRIP_GAP = 128.0, 58.0, 16.0, 8.0, 4.0
# Speed in picture widths a second that fills its lane: fast work, or a camera swung round.
FASTEST = 0.5
# Work narrower than this many pixels has no line along its top: it would be all line.
LINED = 4.0
MOST_HANDS, MOST_FACES = 3, 2
NAMES = 32.0


def lanes(
    axis: TimeAxis,
    top: float,
    signals: Signals,
    process: Array,
    moments: Sequence[Moment],
    heard: bool,
) -> tuple[list[Shape], float]:
    """All lanes from `top` down, and where they end. `heard` is False for takes without sound."""
    shapes: list[Shape] = []
    belief = CurveLane(axis, signals.times, top, top + BELIEF)
    shapes += _work(belief, process, moments)
    hands = _below(belief, LANE)
    shapes += _hands(hands, signals)
    motion = _below(hands, LANE)
    shapes += _motion(motion, signals)
    sound = _below(motion, LANE)
    shapes += _sound(sound, signals) if heard else _silence(sound)
    strips: dict[str, Array] = {"rhythm": signals.rhythm}
    if heard:
        strips |= {"voice": signals.voice, "sizzle": signals.sizzle, "clatter": signals.clatter}
    strips["faces"] = np.minimum(signals.faces / MOST_FACES, 1.0)
    lane, gap = sound, GAP
    for name, values in strips.items():
        lane, gap = _below(lane, STRIP, gap), STRIP_GAP
        shapes += [*_card(lane, name.capitalize()), *lane.area(values, palette.STRIPS[name])]
    return shapes, lane.bottom


def _below(lane: CurveLane, height: float, gap: float = GAP) -> CurveLane:
    return CurveLane(lane.axis, lane.times, lane.bottom + gap, lane.bottom + gap + height)


def _card(lane: CurveLane, name: str, notes: Mapping[str, str] | None = None) -> Iterator[Shape]:
    """The lane's ground, its name, and notes of what is drawn in which colour."""
    axis = lane.axis
    yield Rect(axis.left, lane.top, axis.width, lane.height, palette.CARD)
    grid = tuple((axis.x(tick), lane.top, lane.bottom) for tick in axis.ticks())
    yield Strokes(grid, palette.GRID)
    yield TextLine(NAMES, lane.top + (16 if notes else 13), name, 14 if notes else 13, palette.INK)
    for line, (note, colour) in enumerate((notes or {}).items()):
        yield TextLine(NAMES, lane.top + 33 + 15 * line, note, 11.5, colour)


def _work(lane: CurveLane, process: Array, moments: Sequence[Moment]) -> Iterator[Shape]:
    yield from _card(lane, "Work", {"how sure, 0 to 1": palette.SOFT_INK})
    yield from lane.area(process, palette.BELIEF_IDLE)
    for moment in moments:
        if moment.kind == "process":
            span = (moment.start, moment.end)
            yield from lane.area(process, palette.BELIEF, part=span)
            if lane.axis.x(moment.end) - lane.axis.x(moment.start) >= LINED:
                yield lane.line(process, palette.BELIEF_LINE, width=2.5, part=span)
    level = lane.bottom - lane.height * HIGH_BELIEF
    yield Rect(lane.axis.left, level - 0.5, lane.axis.width, 1, palette.BORDER, 0.4)
    text = f"begins at {HIGH_BELIEF:g}"
    yield TextLine(lane.axis.left - 8, level + 4, text, 11.5, palette.SOFT_INK, "end")


def _hands(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    notes = {f"count, up to {MOST_HANDS}": palette.SOFT_INK, "how sure": palette.HANDS_LINE}
    yield from _card(lane, "Hands", notes)
    yield lane.stairs(signals.hands, palette.HANDS, MOST_HANDS)
    yield lane.line(signals.presence, palette.HANDS_LINE)


def _motion(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    notes = {"of the hands": palette.MOTION_LINE, "of the camera": palette.CAMERA}
    yield from _card(lane, "Motion", notes)
    yield from lane.area(signals.motion, palette.MOTION, FASTEST)
    yield lane.line(signals.camera, palette.CAMERA, FASTEST, 1.2)
    yield lane.line(signals.hand_motion, palette.MOTION_LINE, FASTEST)


def _sound(lane: CurveLane, signals: Signals) -> Iterator[Shape]:
    yield from _card(lane, "Sound", {"level": palette.SOFT_INK, "blows": palette.ONSET})
    yield from lane.wave(signals.sound, palette.SOUND)
    yield lane.onsets(signals.onsets, palette.ONSET)


def _silence(lane: CurveLane) -> Iterator[Shape]:
    yield from _card(lane, "Sound")
    middle, base = (lane.axis.left + lane.axis.right) / 2, (lane.top + lane.bottom) / 2 + 5
    yield TextLine(middle, base, "no sound in this take", 13, palette.SOFT_INK, "middle")
