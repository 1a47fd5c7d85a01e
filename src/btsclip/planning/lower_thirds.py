"""Naming people where they are first seen: who it is, and what they do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from btsclip.captions import BusyArea, place_captions
from btsclip.captions.lines import clean_line
from btsclip.captions.timing import MIN_SECONDS, reading_seconds
from btsclip.errors import CaptionError
from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import on_screen
from btsclip.plan.model import Caption, Clip
from btsclip.plan.speed import TimeMap
from btsclip.planning.captions import lower_third
from btsclip.planning.people import Appearance, KnownPeople
from btsclip.planning.seen import LOOK_STEP, busy_on_screen
from btsclip.presets.schema import Preset

# Somebody on the screen for less is not introduced.
LEAST_SEEN = 0.5


def face_boxes(
    appearances: Iterable[Appearance],
    start: float,
    framing: Framing,
    canvas: Canvas,
    time_map: TimeMap,
) -> list[BusyArea]:
    """Where the faces of people are on the screen, of a clip that begins at `start` in its take."""
    boxes = []
    for each in appearances:
        due = -1.0
        for time, (cx, cy, w, h) in zip(each.times.tolist(), each.boxes.tolist(), strict=True):
            if time < due:
                continue
            due = time + LOOK_STEP
            boxes += [(time, seen) for seen in on_screen((cx, cy, w, h), time, framing, canvas)]
    return list(busy_on_screen(boxes, start, time_map))


def introductions(
    appearances: Sequence[Appearance],
    start: float,
    framing: Framing,
    canvas: Canvas,
    time_map: TimeMap,
    preset: Preset,
) -> list[Caption]:
    """A lower third for each of the people who come to be seen on the screen."""
    if not preset.captions.introduce:
        return []
    made = []
    style, shown = preset.captions.person_style, time_map.seconds
    for each in appearances:
        seen = face_boxes([each], start, framing, canvas, time_map)
        seen = [busy for busy in seen if busy.end > 0 and busy.start < shown]
        if len(seen) * LOOK_STEP < LEAST_SEEN:
            continue
        text = lower_third(each.person)
        need = max(reading_seconds(clean_line(text)), MIN_SECONDS)
        begin = min(max(style.start, seen[0].start), shown - need)
        if begin < 0:
            continue
        end = min(shown, begin + max(style.seconds or shown, need))
        made.append(Caption(text=text, start=round(begin, 3), end=round(end, 3), role="person"))
    return made


def place_lower_thirds(
    captions: Sequence[Caption], thirds: Sequence[Caption], preset: Preset, busy: Sequence[BusyArea]
) -> tuple[tuple[Caption, ...], list[str]]:
    """All captions in their places, and warnings; a lower third that finds no room is left out."""
    kept: list[Caption] = []
    warnings = []
    for third in thirds:
        try:
            place_captions([*captions, *kept, third], preset, busy)
            kept.append(third)
        except CaptionError as error:
            warnings.append(str(error))
    return place_captions([*captions, *kept], preset, busy), warnings


def keep_first_introductions(
    clips: Sequence[Clip], takes: Sequence[str], by: Mapping[str, str] | None = None
) -> list[Clip]:
    """`clips` with each lower third only where it comes first, in the order of the `takes` and of
    time; with `by` only in the take that it names for the text."""
    order = {take: number for number, take in enumerate(takes)}
    enabled = [number for number, clip in enumerate(clips) if clip.enabled]
    firsts = [clip.spans[0] for clip in clips]
    enabled.sort(key=lambda n: (order.get(firsts[n].source, len(order)), firsts[n].start))
    met: set[str] = set()
    made = [_without_lower_thirds(clip, keep=()) for clip in clips]
    for number in enabled:
        clip, take = clips[number], firsts[number].source
        texts = {caption.text for caption in clip.captions if caption.role == "person"}
        first = {t for t in texts - met if by is None or by.get(t, take) == take}
        met |= first
        made[number] = _without_lower_thirds(clip, keep=first)
    return made


def takes_of_introductions(guests: KnownPeople, takes: Sequence[Path]) -> dict[str, str]:
    """In which of `takes`, which stand in the order they were filmed, each lower third belongs: the
    first one that the notes say the person is in, else the first of all."""
    by: dict[str, str] = {}
    for take in takes:
        for person in guests.people(take):
            there = [path for path in takes if person.is_in(path)]
            by.setdefault(lower_third(person), str((there or list(takes))[0]))
    return by


def _without_lower_thirds(clip: Clip, keep: Collection[str]) -> Clip:
    """`clip` with no other lower thirds than those that `keep` names."""
    kept = [c for c in clip.captions if c.role != "person" or c.text in keep]
    return clip if len(kept) == len(clip.captions) else clip.model_copy(update={"captions": kept})
