"""The spans of one clip: a look ahead, the pieces of its cut, and the replay of a mishap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from btsclip.captions import BusyArea, fill_template, shift_caption
from btsclip.moments import Cut
from btsclip.plan import Caption, CropKey, Span
from btsclip.planning.framing import FramedCut, busy_on_screen
from btsclip.planning.jumps import JumpCuts
from btsclip.presets import Preset

# Seconds of the footage before and after a mishap that its replay shows.
REPLAY_BEFORE = 0.8
REPLAY_AFTER = 1.2
REPLAY_SPEED = 0.5
# Reasons of both.
AGAIN = "again, at half speed"
AHEAD = "a look ahead"
# Values that a replay and a look ahead share with the cut.
REPLAY_KEYS = ("source", "layout", "framing", "blur", "blur_faces", "may_be_seen")


@dataclass(frozen=True)
class ClipScreen:
    """What a clip shows, in seconds on the screen from its start.

    `busy` are the areas that texts must not cover, `work` what is worked on, `introductions` the
    lower thirds.
    """

    spans: tuple[Span, ...]
    captions: tuple[Caption, ...]
    busy: tuple[BusyArea, ...]
    work: tuple[BusyArea, ...]
    introductions: tuple[Caption, ...]

    @property
    def seconds(self) -> float:
        """Seconds of the clip."""
        return sum(span.seconds for span in self.spans)


def screen_of(
    cut: Cut, framed: FramedCut, captions: Sequence[Caption], preset: Preset, max_seconds: float
) -> ClipScreen:
    """The framed cut with its `captions`, and with the replay or the look ahead that the preset
    wants, if the clip then lasts no longer than `max_seconds`."""
    pieces = piece_spans(framed.values, framed.jumps)
    screen = ClipScreen(
        tuple(pieces), tuple(captions), framed.busy_areas, framed.work_areas, framed.lower_thirds
    )
    values = {**framed.values, "cover": None}
    again, ahead = replay_span(cut, values, preset), cold_open_span(framed, preset)
    if again and screen.seconds + again.seconds <= max_seconds:
        screen = _add_replay(screen, again, framed, preset)
    if ahead and screen.seconds + ahead.seconds <= max_seconds:
        screen = _add_cold_open(screen, ahead, framed)
    return screen


def _add_replay(screen: ClipScreen, replay: Span, framed: FramedCut, preset: Preset) -> ClipScreen:
    start, end = screen.seconds, screen.seconds + replay.seconds
    return replace(
        screen,
        spans=(*screen.spans, replay),
        captions=(*screen.captions, *replay_captions(start, end, preset)),
        busy=(*screen.busy, *_busy_in(replay, framed, start)),
    )


def _add_cold_open(screen: ClipScreen, ahead: Span, framed: FramedCut) -> ClipScreen:
    """`screen` after the span `ahead`. Hooks stay at the start of the clip."""
    later = ahead.seconds
    return ClipScreen(
        spans=(ahead, *screen.spans),
        captions=tuple(c if c.role == "hook" else shift_caption(c, later) for c in screen.captions),
        busy=(
            *_busy_in(ahead, framed, 0.0),
            *_later(screen.busy, later),
        ),
        work=tuple(_later(screen.work, later)),
        introductions=tuple(shift_caption(c, later) for c in screen.introductions),
    )


def _later(areas: Iterable[BusyArea], seconds: float) -> Iterator[BusyArea]:
    return (replace(area, start=area.start + seconds, end=area.end + seconds) for area in areas)


def _busy_in(span: Span, framed: FramedCut, shown: float) -> list[BusyArea]:
    boxes = [(at, box) for at, box in framed.boxes if span.start <= at <= span.end]
    return list(busy_on_screen(boxes, span.start, span.time_map, shown))


def cold_open_span(framed: FramedCut, preset: Preset) -> Span | None:
    """The look ahead at the peak of the work, before the clip begins; None without a peak."""
    if framed.peak is None:
        return None
    start, speed = framed.peak, preset.pacing.speed
    end = round(start + preset.pacing.cold_open * speed, 3)
    return Span.model_validate(
        {
            **{key: framed.values[key] for key in REPLAY_KEYS},
            **{key: _keys_within(framed.values[key], start, end) for key in ("crop", "below")},
            "start": start,
            "end": end,
            "speeds": [] if speed == 1 else [(start, speed)],
            "reason": AHEAD,
        }
    )


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
            "reason": AGAIN,
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
            "covers": [choice for choice in values["covers"] if start <= choice["at"] <= end],
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


def replay_captions(start: float, end: float, preset: Preset) -> list[Caption]:
    """The preset's caption for a replay from `start` to `end` on the screen, if it has one."""
    look = preset.captions
    fact = fill_template(look.replay, {}, hands_seen=False, avoid=look.avoid)
    if not fact:
        return []
    return [
        Caption(
            text=fact.text, start=round(start, 3), end=round(end, 3),
            evidence="the replay runs at half speed",
        )
    ]  # fmt: skip
