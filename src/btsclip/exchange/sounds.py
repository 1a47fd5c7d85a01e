"""The sound tracks of a timeline: the sounds of spans, and music.

A sound starts before its shot where the plan leads (J cut) and goes on after it where the plan
trails (L cut), and goes on under cards. So neighbors may need a track each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from btsclip.exchange.footage import SourceFiles, music_media
from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import Shot, SoundClip, TimelinePart, count_source_frames
from btsclip.plan import Lane
from btsclip.render import AMBIENCE_VOLUME, MAX_STRETCH_SPEED


def span_sounds(
    takes: Mapping[str, SourceFiles],
    shots: Sequence[Shot],
    parts: Sequence[TimelinePart],
    rate: Fraction,
    frames: int,
) -> list[SoundClip]:
    """The sounds of all spans, on as few tracks as possible without overlaps.

    `frames` is the length of the timeline without its end card.
    """
    track_ends: list[int] = []
    sounds: list[SoundClip] = []
    span_parts = [part for part in parts if part.shots]
    for number, part in enumerate(span_parts):
        if not takes[part.span.source].footage.has_audio:
            continue
        # Under a card the sounds before and after it are both heard.
        next_card = span_parts[number + 1].span.card if number + 1 < len(span_parts) else None
        lead = max(part.span.lead, part.span.card.seconds if part.span.card else 0.0)
        tail = max(part.span.tail, next_card.seconds if next_card else 0.0)
        clips = [_shot_sound(shots[index], index, part.span.gain) for index in part.shots]
        clips[0] = _extend_start(clips[0], min(frame_at(lead, rate), clips[0].at))
        clips[-1] = _extend_end(clips[-1], min(frame_at(tail, rate), frames - clips[-1].end))
        start = clips[0].at
        track = next((i for i, end in enumerate(track_ends) if end <= start), len(track_ends))
        track_ends[track : track + 1] = [clips[-1].end]
        sounds += [replace(clip, track=track) for clip in clips]
    return sounds


def _shot_sound(shot: Shot, index: int, gain: float) -> SoundClip:
    """The sound of a shot.

    A shot too fast to be heard gets the sound of the place at normal speed, from its middle, as in
    rendering.
    """
    start, speed = shot.start, shot.speed
    if speed > MAX_STRETCH_SPEED:
        normal = count_source_frames(shot.media.rate, Fraction(1), shot.frames, shot.timeline_rate)
        start, speed = start + int((shot.source_frames - normal) / 2), Fraction(1)
        gain += 20 * math.log10(AMBIENCE_VOLUME)
    return SoundClip(
        shot.media, 0, shot.at, shot.frames, start, speed, index, gain, shot.timeline_rate
    )


def _extend_start(sound: SoundClip, frames: int) -> SoundClip:
    """`sound` from up to `frames` frames of the timeline earlier, as far as its file goes."""
    per_frame = count_source_frames(sound.media.rate, sound.speed, 1, sound.timeline_rate)
    frames = min(frames, int(sound.start / per_frame))
    return replace(
        sound, at=sound.at - frames, frames=sound.frames + frames,
        start=sound.start - int(frames * per_frame + Fraction(1, 2)),
    )  # fmt: skip


def _extend_end(sound: SoundClip, frames: int) -> SoundClip:
    """`sound` for up to `frames` frames of the timeline longer, as far as its file goes."""
    per_frame = count_source_frames(sound.media.rate, sound.speed, 1, sound.timeline_rate)
    left = sound.media.frames - sound.start - sound.source_frames
    return replace(sound, frames=sound.frames + max(0, min(frames, int(left / per_frame))))


def music_sounds(
    lanes: Sequence[Lane], rate: Fraction, timeline_frames: int, track: int
) -> tuple[list[SoundClip], list[str]]:
    """The music, each piece on its own track from `track` on, and warnings.

    Raises FootageError for music that cannot be read.
    """
    sounds: list[SoundClip] = []
    warnings: list[str] = []
    for lane in lanes:
        media = music_media(Path(lane.path), rate)
        at, start = frame_at(lane.at, rate), frame_at(lane.start, rate)
        frames = min(timeline_frames - at, media.frames - start)
        if lane.seconds is not None:
            frames = min(frames, frame_at(lane.seconds, rate))
        if frames < 1:
            warnings.append(f"{media.path.name} has no sound to play at {lane.at:g} s: left out")
            continue
        sounds.append(
            SoundClip(
                media, track + len(sounds), at, frames, start, Fraction(1), None, lane.gain, rate
            )
        )
    return sounds, warnings
