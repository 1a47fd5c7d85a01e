"""The spans of one clip: the pieces of its cut, and the replay of a mishap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from btsclip.moments import Cut
from btsclip.plan import CropKey, Span
from btsclip.planning.jumps import JumpCuts
from btsclip.presets import Preset

# Seconds of the footage before and after a mishap that its replay shows.
REPLAY_BEFORE = 0.8
REPLAY_AFTER = 1.2
REPLAY_SPEED = 0.5
# Values that a replay shares with the span before it.
REPLAY_KEYS = ("source", "layout", "framing", "blur", "blur_faces", "may_be_seen")


def replay_span(cut: Cut, values: Mapping[str, Any], preset: Preset) -> Span | None:
    """The slow replay of the mishap in `cut`, framed as its span with `values`.

    None for other cuts, and for presets without replays.
    """
    if cut.kind != "mishap" or preset.pacing.mishap != "replay" or "at" not in cut.evidence:
        return None
    at = cut.evidence["at"]
    start = round(max(cut.start, at - REPLAY_BEFORE), 3)
    end = round(min(cut.end, at + REPLAY_AFTER), 3)
    return Span.model_validate(
        {
            **{key: values[key] for key in REPLAY_KEYS},
            **{key: _keys_within(values[key], start, end) for key in ("crop", "below")},
            "start": start,
            "end": end,
            "speeds": [(start, REPLAY_SPEED)],
            "reason": "again, at half speed",
        }
    )


def piece_spans(values: Mapping[str, Any], jumps: JumpCuts) -> list[Span]:
    """The spans of a clip framed as one with `values`, of which `jumps` leave out the waits."""
    if len(jumps.pieces) == 1:
        return [Span.model_validate(values)]
    cover = values["cover"]
    spans, last = [], jumps.pieces[0][0]
    for start, end in jumps.pieces:
        left_out = start - last
        changes = {
            **{key: _keys_within(values[key], start, end) for key in ("crop", "below")},
            **{key: _tracks_within(values[key], start, end) for key in ("blur", "may_be_seen")},
            "start": start,
            "end": end,
            "speeds": _speeds_within(values["speeds"], start, end),
            "cover": cover if cover is not None and start <= cover <= end else None,
            "reason": f"after {left_out:.1f} s of waiting" if left_out else "",
        }
        spans.append(Span.model_validate({**values, **changes}))
        last = end
    return spans


def _tracks_within(
    tracks: Sequence[Sequence[CropKey]], start: float, end: float
) -> list[Sequence[CropKey]]:
    """The face tracks that are seen between `start` and `end`."""
    return [track for track in tracks if track[0][0] <= end and track[-1][0] >= start]


def _speeds_within(
    keys: Sequence[tuple[float, float]], start: float, end: float
) -> list[tuple[float, float]]:
    """The speed keys from `start` to `end`, or else the last speed before."""
    inside = [key for key in keys if start <= key[0] <= end]
    before = [(start, factor) for time, factor in keys if time < start]
    return inside or before[-1:]


def _keys_within(keys: Sequence[CropKey], start: float, end: float) -> list[CropKey]:
    """The crop keys from `start` to `end`, with the last one before and the first one after."""
    first = max((i for i, key in enumerate(keys) if key[0] <= start), default=0)
    last = min((i for i, key in enumerate(keys) if key[0] >= end), default=len(keys))
    return list(keys[first : last + 1])
