"""Markers: what each part of a timeline shows and why, and what an editor has to do by hand."""

from __future__ import annotations

from collections.abc import Sequence

from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import Marker, Role, Timeline, TimelinePart
from btsclip.exchange.urls import plain
from btsclip.plan.model import Clip, Kind, Span

COLOURS: dict[Kind, str] = {
    "process": "GREEN", "mishap": "ORANGE", "people": "BLUE", "why": "PURPLE",
    "reveal": "YELLOW", "idle": "WHITE",
}  # fmt: skip
# Of what is written, and of what is to be done.
WRITTEN, TO_DO = "CYAN", "RED"
# Texts that stand for more than their words, by role.
_NAMES: dict[Role, str] = {
    "hook": "Hook", "why": "Card", "time": "Card", "title": "Card", "comment": "Comment",
    "end": "End card",
}  # fmt: skip


def marks(clip: Clip, timeline: Timeline, parts: Sequence[TimelinePart]) -> tuple[Marker, ...]:
    """The markers of a clip, in the order of time."""
    seen = [part for part in parts if part.shots]
    found = [_begin(clip, part, number) for number, part in enumerate(seen)]
    for text in timeline.texts:
        if text.role in _NAMES:
            said = plain(text.text)
            name = f"{_NAMES[text.role]}: {said}"
            found.append(Marker(text.at, text.frames, name, said, WRITTEN))
    for part in seen:
        found += _to_do(part.span, part, timeline)
    return tuple(sorted(found, key=lambda mark: mark.at))


def _begin(clip: Clip, part: TimelinePart, number: int) -> Marker:
    """What the span shows and why it was chosen."""
    span = part.span
    what = clip.kind + (f", {clip.action}" if clip.action else "")
    if number == 0:
        name, note = clip.title or clip.id, f"{what}, score {clip.score:.2f}: {clip.why}"
    else:
        name, note = span.act or f"{clip.id}, part {number + 1}", span.reason or clip.why
    frames = part.end - part.first
    return Marker(part.first, frames, plain(name), plain(note), COLOURS[clip.kind])


def _to_do(span: Span, part: TimelinePart, timeline: Timeline) -> list[Marker]:
    found = []
    for keys in span.blur:
        first, last = (
            min(max(span.time_map.shown(key[0] - span.start), 0.0), span.seconds)
            for key in (keys[0], keys[-1])
        )
        at = part.first + frame_at(first, timeline.rate)
        note = "The plan makes a face unknowable here; the timeline does not"
        end = part.first + frame_at(last, timeline.rate)
        found.append(Marker(at, max(1, end - at), "Face to blur", note, TO_DO))
    for shot in (timeline.shots[index] for index in part.shots):
        if shot.ramp:
            note = f"The plan ramps its speed; on the whole it is {float(shot.speed):.0%}"
            found.append(Marker(shot.at, shot.frames, "Ramp of speed", note, TO_DO))
    return found
