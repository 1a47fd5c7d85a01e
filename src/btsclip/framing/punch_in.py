"""Punch-in: a wide crop and a close one of the same work take turns, changing while hands rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from btsclip.framing.crop import Array, CropKey, CropSpan, crop_subject
from btsclip.framing.layout import MIN_SHOWN, Canvas, Framing
from btsclip.framing.subject import Subject

# Seconds for which a crop is shown before the other one, at least and usually at most.
MIN_SECONDS = 2.5
MAX_SECONDS = 5.0
# Width of the close crop in widths of the wide one. One nearly as wide looks like a jerk, and one
# much closer like another place.
MAX_CLOSE_SHARE = 0.8
CLOSE_SHARE = 0.6


def punch_in(
    framing: Framing, subject: Subject, speed: Array, span: CropSpan, canvas: Canvas
) -> Framing:
    """`framing` with a close crop that takes turns with its still one.

    It is returned as it is unless it is one still crop over one shot of work, with time for both,
    and a close crop shows the hands without enlarging the source's pixels.

    Args:
        speed: Speed of all hands (n,) at the subject's times.
    """
    keys = framing.keys
    is_still = len({key[1:] for key in keys}) == 1 and len(span.shots) == 1
    if framing.layout != "crop" or subject.work_map is None or not is_still:
        return framing
    width, height = keys[0][3:]
    share = max(CLOSE_SHARE, canvas.min_width(1.0) / width)
    changes = _changes(subject.times, speed, span)
    if share > MAX_CLOSE_SHARE or not changes:
        return framing
    close = crop_subject(replace(subject, kind="work"), span, (width * share, height * share))
    if close.shown < MIN_SHOWN:
        return framing
    return replace(
        framing, keys=_alternate(keys[0], close.keys[0], [span.start, *changes, span.end])
    )


def _changes(times: Array, speed: Array, span: CropSpan) -> list[float]:
    """The times, in seconds, at which the crops change: each where hands rest most."""
    changes: list[float] = []
    last = span.start
    while True:
        latest = min(last + MAX_SECONDS, span.end - MIN_SECONDS)
        choice = np.flatnonzero((times >= last + MIN_SECONDS) & (times <= latest))
        if not len(choice):
            return changes
        last = float(times[choice[np.nan_to_num(speed[choice]).argmin()]])
        changes.append(last)


def _alternate(wide: CropKey, close: CropKey, borders: list[float]) -> tuple[CropKey, ...]:
    """Keys of `wide` and `close` in turn between the `borders`, with hard switches."""
    return tuple(
        (round(time, 3), *crop[1:])
        for number, part in enumerate(pairwise(borders))
        for crop in [(wide, close)[number % 2]]
        for time in part
    )
