"""CMX 3600 edit decision lists: events of source and record timecode, one list a clip.

The library's adapter is not used: it tells drop-frame from the rate alone, writes no line of how
frames are counted, and gets the source's end of a clip wrong whose speed is not that of life.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from btsclip.exchange.rates import STANDARD, frame_at, frame_of, seconds_of, timecode
from btsclip.exchange.timeline import Marker, Media, Shot, SoundClip, Timeline
from btsclip.exchange.urls import plain

# Record timecode begins here, as editors are used to.
HOUR = 1
# Sound tracks that the format has names for.
CHANNELS = ("A", "A2", "A3", "A4")
# A reel's name has so many letters and digits at most, a list's title so many characters.
REEL, TITLE = 8, 70


def to_text(timeline: Timeline) -> str:
    """The list of one clip."""
    counted = "DROP FRAME" if timeline.drop else "NON-DROP FRAME"
    lines = [f"TITLE: {plain(timeline.name)[:TITLE]}", f"FCM: {counted}", ""]
    reels = reels_of(timeline.media)
    events = [*_pictures(timeline, reels), *_sounds(timeline, reels)]
    for number, (body, notes) in enumerate(events, 1):
        lines += [f"{number:03d}  {line}" for line in body]
        lines += notes
    return "\n".join(lines) + "\n"


def reels_of(media: Iterable[Media]) -> dict[Media, str]:
    """A name for each file that fits a list: letters and digits of its own, no two alike."""
    reels: dict[Media, str] = {}
    for number, each in enumerate(media, 1):
        name = re.sub(r"[^A-Z0-9]", "", each.path.stem.upper())[:REEL]
        if not name or name in (*reels.values(), "BL", "AX"):
            name = f"{name[: REEL - 3]}{number:03d}"
        reels[each] = name
    return reels


Event = tuple[list[str], list[str]]  # its lines, and the notes after it


def _pictures(timeline: Timeline, reels: dict[Media, str]) -> list[Event]:
    events: list[Event] = []
    end = 0
    before: Shot | None = None
    marks = list(timeline.marks)
    for shot in timeline.shots:
        if shot.at > end:
            events.append(([_blank(end, shot.at, timeline)], []))
        own, marks = _taken(marks, shot.end)
        events.append(_picture(shot, before if shot.over else None, own, timeline, reels))
        before, end = shot, shot.end
    if timeline.frames > end:
        blank = [_blank(end, timeline.frames, timeline)]
        events.append((blank, [_locator(mark, timeline) for mark in marks]))
    return events


def _taken(marks: list[Marker], end: int) -> tuple[list[Marker], list[Marker]]:
    """The marks before `end`, and the others."""
    return [m for m in marks if m.at < end], [m for m in marks if m.at >= end]


def _picture(
    shot: Shot,
    before: Shot | None,
    marks: list[Marker],
    timeline: Timeline,
    reels: dict[Media, str],
) -> Event:
    """One event; a dissolve is one of two lines, the first being the end of the shot `before`."""
    own = _event(shot, "V", timeline, reels)
    notes = []
    if before is None:
        lines = [own]
    else:
        out = _source(before.media, before.start + before.source_frames, timeline)
        at = _record(shot.at, timeline)
        lines = [
            _line(reels[before.media], "V", "C", "", out, out, at, at),
            _event(shot, "V", timeline, reels, over=shot.over),
        ]
        notes.append(f"* FROM CLIP NAME:  {plain(before.media.path.name)}")
    if shot.speed != 1:
        notes.append(_speed(shot, timeline, reels))
    notes.append(f"* {'TO' if before else 'FROM'} CLIP NAME:  {plain(shot.media.path.name)}")
    return lines, [*notes, *(_locator(mark, timeline) for mark in marks)]


def _sounds(timeline: Timeline, reels: dict[Media, str]) -> list[Event]:
    events = []
    for sound in timeline.sounds:
        if sound.track < len(CHANNELS):
            notes = [_speed(sound, timeline, reels)] if sound.speed != 1 else []
            notes.append(f"* FROM CLIP NAME:  {plain(sound.media.path.name)}")
            events.append(([_event(sound, CHANNELS[sound.track], timeline, reels)], notes))
    return events


def _event(
    item: Shot | SoundClip, channel: str, timeline: Timeline, reels: dict[Media, str], over: int = 0
) -> str:
    begin = _source(item.media, Fraction(item.start), timeline)
    # At the speed of life, source and record are equally long, whatever their rates are.
    end = _source(item.media, item.start + item.source_frames, timeline)
    return _line(
        reels[item.media], channel, "D" if over else "C", f"{over:03d}" if over else "",
        begin, end, _record(item.at, timeline), _record(item.end, timeline),
    )  # fmt: skip


def _blank(at: int, end: int, timeline: Timeline) -> str:
    length = timecode(end - at, timeline.rate, timeline.drop)
    zero = timecode(0, timeline.rate, timeline.drop)
    begin, until = _record(at, timeline), _record(end, timeline)
    return _line("BL", "V", "C", "", zero, length, begin, until)


def _line(reel: str, channel: str, kind: str, over: str, *times: str) -> str:
    return f"{reel:8} {channel:5} {kind:4} {over:3} {' '.join(times)}"


def _speed(item: Shot | SoundClip, timeline: Timeline, reels: dict[Media, str]) -> str:
    """How many frames a second it plays, which is how lists write a speed."""
    begin = _source(item.media, Fraction(item.start), timeline)
    begin = begin.replace(";", ":")
    rate = f"{float(item.speed * timeline.rate):06.2f}"
    return f"M2   {reels[item.media]:8}       {rate}                {begin}"


def _locator(mark: Marker, timeline: Timeline) -> str:
    return f"* LOC: {_record(mark.at, timeline)} {mark.colour:7} {mark.name}"


def _record(frame: int, timeline: Timeline) -> str:
    hour = frame_of(f"{HOUR:02d}:00:00{';' if timeline.drop else ':'}00", timeline.rate)
    return timecode(hour + frame, timeline.rate, timeline.drop)


def _source(media: Media, frame: Fraction, timeline: Timeline) -> str:
    """The source timecode of a frame of `media`, as the list counts: at the timeline's rate."""
    if media.rate == timeline.rate:
        begin, past = media.first, frame
    else:
        begin = _converted(media, timeline)
        past = frame / media.rate * timeline.rate
    # A file's own timecode is written as the camera wrote it.
    own = media.first and media.rate == timeline.rate
    drop = media.drop if own else timeline.drop
    return timecode(begin + frame_at(past, Fraction(1)), timeline.rate, drop)


def _converted(media: Media, timeline: Timeline) -> int:
    """The frame that the list's timecode names as that of `media` names its first one."""
    mark = ";" if timeline.drop else ":"
    frames = media.first
    if not frames or media.rate not in STANDARD:
        return 0
    text = timecode(frames, media.rate, media.drop)
    part = Fraction(int(text[9:]), math.ceil(media.rate)) * math.ceil(timeline.rate)
    # The first numbers of a minute may be dropped: then it is the next one.
    for number in range(int(part), int(part) + 5):
        frame = frame_of(f"{text[:8]}{mark}{number:02d}", timeline.rate)
        if timecode(frame, timeline.rate, timeline.drop)[:8] == text[:8]:
            return frame
    return frame_at(seconds_of(frames, media.rate), timeline.rate)
