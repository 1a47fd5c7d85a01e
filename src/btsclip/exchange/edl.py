"""CMX 3600 edit decision lists: events with source and record timecode, one list per clip.

OpenTimelineIO's adapter is not used. It takes drop-frame from the rate alone, writes no line about
how frames are counted, and gets the source end wrong for clips that are not at normal speed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from btsclip.exchange.rates import STANDARD_RATES, frame_at, parse_timecode, seconds_of, timecode
from btsclip.exchange.timeline import Marker, Media, Shot, SoundClip, Timeline
from btsclip.exchange.xml import plain_line

# Record timecode starts at this hour, as is usual.
FIRST_HOUR = 1
# The names of sound tracks in the format.
CHANNELS = ("A", "A2", "A3", "A4")
# The format's limits, in characters.
MAX_REEL_LENGTH = 8
MAX_TITLE_LENGTH = 70


def to_text(timeline: Timeline) -> str:
    """The list of one clip."""
    count_mode = "DROP FRAME" if timeline.drop_frame else "NON-DROP FRAME"
    lines = [f"TITLE: {plain_line(timeline.name)[:MAX_TITLE_LENGTH]}", f"FCM: {count_mode}", ""]
    reels = _reel_names(timeline.media)
    events = [*_picture_events(timeline, reels), *_sound_events(timeline, reels)]
    for number, (event_lines, notes) in enumerate(events, 1):
        lines += [f"{number:03d}  {line}" for line in event_lines]
        lines += notes
    return "\n".join(lines) + "\n"


def _reel_names(files: Iterable[Media]) -> dict[Media, str]:
    """A unique reel name for each file, from the letters and digits of its name."""
    reels: dict[Media, str] = {}
    for number, media in enumerate(files, 1):
        name = re.sub(r"[^A-Z0-9]", "", media.path.stem.upper())[:MAX_REEL_LENGTH]
        if not name or name in (*reels.values(), "BL", "AX"):
            name = f"{name[: MAX_REEL_LENGTH - 3]}{number:03d}"
        reels[media] = name
    return reels


Event = tuple[list[str], list[str]]  # its lines, and the notes after them


def _picture_events(timeline: Timeline, reels: dict[Media, str]) -> list[Event]:
    events: list[Event] = []
    end = 0
    before: Shot | None = None
    markers = list(timeline.markers)
    for shot in timeline.shots:
        if shot.at > end:
            events.append(([_blank_line(end, shot.at, timeline)], []))
        shot_markers = [marker for marker in markers if marker.at < shot.end]
        markers = [marker for marker in markers if marker.at >= shot.end]
        dissolve_from = before if shot.dissolve else None
        events.append(_picture_event(shot, dissolve_from, shot_markers, timeline, reels))
        before, end = shot, shot.end
    if timeline.frames > end:
        blank = [_blank_line(end, timeline.frames, timeline)]
        events.append((blank, [_locator(marker, timeline) for marker in markers]))
    return events


def _picture_event(
    shot: Shot,
    before: Shot | None,
    markers: list[Marker],
    timeline: Timeline,
    reels: dict[Media, str],
) -> Event:
    """One event. A dissolve from the shot `before` has two lines, the first for its last frame."""
    notes = []
    if before is None:
        lines = [_event_line(shot, "V", timeline, reels)]
    else:
        last = _source_timecode(before.media, before.start + before.source_frames, timeline)
        at = _record_timecode(shot.at, timeline)
        lines = [
            _line(reels[before.media], "V", "C", "", last, last, at, at),
            _event_line(shot, "V", timeline, reels, dissolve=shot.dissolve),
        ]
        notes.append(f"* FROM CLIP NAME:  {plain_line(before.media.path.name)}")
    if shot.speed != 1:
        notes.append(_speed_line(shot, timeline, reels))
    notes.append(f"* {'TO' if before else 'FROM'} CLIP NAME:  {plain_line(shot.media.path.name)}")
    return lines, [*notes, *(_locator(marker, timeline) for marker in markers)]


def _sound_events(timeline: Timeline, reels: dict[Media, str]) -> list[Event]:
    events = []
    for sound in timeline.sounds:
        if sound.track < len(CHANNELS):
            notes = [_speed_line(sound, timeline, reels)] if sound.speed != 1 else []
            notes.append(f"* FROM CLIP NAME:  {plain_line(sound.media.path.name)}")
            line = _event_line(sound, CHANNELS[sound.track], timeline, reels)
            events.append(([line], notes))
    return events


def _event_line(
    item: Shot | SoundClip,
    channel: str,
    timeline: Timeline,
    reels: dict[Media, str],
    dissolve: int = 0,
) -> str:
    start = _source_timecode(item.media, Fraction(item.start), timeline)
    # At normal speed, source and record are equally long, even if their rates differ.
    end = _source_timecode(item.media, item.start + item.source_frames, timeline)
    return _line(
        reels[item.media], channel, "D" if dissolve else "C", f"{dissolve:03d}" if dissolve else "",
        start, end, _record_timecode(item.at, timeline), _record_timecode(item.end, timeline),
    )  # fmt: skip


def _blank_line(start: int, end: int, timeline: Timeline) -> str:
    length = timecode(end - start, timeline.rate, timeline.drop_frame)
    zero = timecode(0, timeline.rate, timeline.drop_frame)
    record = _record_timecode(start, timeline), _record_timecode(end, timeline)
    return _line("BL", "V", "C", "", zero, length, *record)


def _line(reel: str, channel: str, kind: str, dissolve: str, *times: str) -> str:
    return f"{reel:8} {channel:5} {kind:4} {dissolve:3} {' '.join(times)}"


def _speed_line(item: Shot | SoundClip, timeline: Timeline, reels: dict[Media, str]) -> str:
    """The speed in frames a second, as lists write it."""
    start = _source_timecode(item.media, Fraction(item.start), timeline).replace(";", ":")
    rate = f"{float(item.speed * timeline.rate):06.2f}"
    return f"M2   {reels[item.media]:8}       {rate}                {start}"


def _locator(marker: Marker, timeline: Timeline) -> str:
    return f"* LOC: {_record_timecode(marker.at, timeline)} {marker.color:7} {marker.name}"


def _record_timecode(frame: int, timeline: Timeline) -> str:
    hour = parse_timecode(
        f"{FIRST_HOUR:02d}:00:00{';' if timeline.drop_frame else ':'}00", timeline.rate
    )
    return timecode(hour + frame, timeline.rate, timeline.drop_frame)


def _source_timecode(media: Media, frame: Fraction, timeline: Timeline) -> str:
    """The source timecode of a frame of `media`, counted at the timeline's rate."""
    if media.rate == timeline.rate:
        first, past = media.first_frame, frame
    else:
        first = _convert_first_frame(media, timeline)
        past = frame / media.rate * timeline.rate
    # A file's own timecode is written as the camera wrote it.
    own = media.first_frame and media.rate == timeline.rate
    drop_frame = media.drop_frame if own else timeline.drop_frame
    return timecode(first + frame_at(past, Fraction(1)), timeline.rate, drop_frame)


def _convert_first_frame(media: Media, timeline: Timeline) -> int:
    """The frame at the timeline's rate whose timecode reads like the first one of `media`."""
    separator = ";" if timeline.drop_frame else ":"
    frames = media.first_frame
    if not frames or media.rate not in STANDARD_RATES:
        return 0
    text = timecode(frames, media.rate, media.drop_frame)
    part = Fraction(int(text[9:]), math.ceil(media.rate)) * math.ceil(timeline.rate)
    # The first numbers of a minute may be dropped: then the next number is taken.
    for number in range(int(part), int(part) + 5):
        frame = parse_timecode(f"{text[:8]}{separator}{number:02d}", timeline.rate)
        if timecode(frame, timeline.rate, timeline.drop_frame)[:8] == text[:8]:
            return frame
    return frame_at(seconds_of(frames, media.rate), timeline.rate)
