"""The sound tracks of a timeline: what is heard of each span, and music.

Sounds begin before their shots and go on after them where the plan leads and trails (J and L cuts),
and under cards; so neighbours may need a track each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from btsclip.exchange.footage import SourceFiles, sound_of
from btsclip.exchange.rates import frame_at
from btsclip.exchange.timeline import Shot, SoundClip, TimelinePart, frames_taken
from btsclip.plan.model import Lane
from btsclip.render.pace import AMBIENCE_VOLUME, MAX_STRETCH_SPEED


def span_sounds(
    takes: Mapping[str, SourceFiles],
    shots: Sequence[Shot],
    parts: Sequence[TimelinePart],
    rate: Fraction,
    whole: int,
) -> list[SoundClip]:
    """The sounds of all spans, on as few tracks as they need not to lie over one another."""
    free: list[int] = []
    sounds: list[SoundClip] = []
    seen = [part for part in parts if part.shots]
    for number, part in enumerate(seen):
        if not takes[part.span.source].footage.has_audio:
            continue
        # Under a card the sounds before and after it are both heard.
        following = seen[number + 1].span.card if number + 1 < len(seen) else None
        lead = max(part.span.lead, part.span.card.seconds if part.span.card else 0.0)
        tail = max(part.span.tail, following.seconds if following else 0.0)
        own = [_of_shot(shots[index], index, part.span.gain) for index in part.shots]
        own[0] = _earlier(own[0], min(frame_at(lead, rate), own[0].at))
        own[-1] = _later(own[-1], min(frame_at(tail, rate), whole - own[-1].end))
        track = next((i for i, end in enumerate(free) if end <= own[0].at), len(free))
        free[track : track + 1] = [own[-1].end]
        sounds += [replace(sound, track=track) for sound in own]
    return sounds


def _of_shot(shot: Shot, index: int, gain: float) -> SoundClip:
    """The sound of a shot. What runs too fast to be heard has that of the place at the speed of
    life, from its middle, as in rendering."""
    start, speed = shot.start, shot.speed
    if speed > MAX_STRETCH_SPEED:
        missed = shot.source_frames - frames_taken(
            shot.media.rate, Fraction(1), shot.frames, shot.timeline_rate
        )
        start, speed = start + int(missed / 2), Fraction(1)
        gain += 20 * math.log10(AMBIENCE_VOLUME)
    return SoundClip(
        shot.media, 0, shot.at, shot.frames, start, speed, index, gain, shot.timeline_rate
    )


def _earlier(sound: SoundClip, frames: int) -> SoundClip:
    """`sound` with so many frames of the timeline more before it, as far as its file goes."""
    each = frames_taken(sound.media.rate, sound.speed, 1, sound.timeline_rate)
    frames = min(frames, int(sound.start / each))
    return replace(
        sound, at=sound.at - frames, frames=sound.frames + frames,
        start=sound.start - int(frames * each + Fraction(1, 2)),
    )  # fmt: skip


def _later(sound: SoundClip, frames: int) -> SoundClip:
    each = frames_taken(sound.media.rate, sound.speed, 1, sound.timeline_rate)
    left = sound.media.frames - sound.start - sound.source_frames
    return replace(sound, frames=sound.frames + max(0, min(frames, int(left / each))))


def lane_sounds(
    lanes: Sequence[Lane], rate: Fraction, whole: int, track: int
) -> tuple[list[SoundClip], list[str]]:
    """The music, each on a track of its own from `track` on."""
    sounds: list[SoundClip] = []
    gone: list[str] = []
    for lane in lanes:
        media = sound_of(Path(lane.path), rate)
        at, start = frame_at(lane.at, rate), frame_at(lane.start, rate)
        frames = min(whole - at, media.frames - start)
        if lane.seconds is not None:
            frames = min(frames, frame_at(lane.seconds, rate))
        if frames < 1:
            gone.append(f"{media.path.name} is not heard at {lane.at:g} s: left out")
            continue
        sounds.append(
            SoundClip(
                media, track + len(sounds), at, frames, start, Fraction(1), None, lane.gain, rate
            )
        )
    return sounds, gone
