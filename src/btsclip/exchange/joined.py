"""Several timelines as one, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from btsclip.exchange.timeline import Marker, Shot, SoundClip, Timeline, TimelineText


def join_timelines(name: str, timelines: Sequence[Timeline]) -> Timeline:
    """One timeline of all `timelines` in order, which must have one rate and one size."""
    first = timelines[0]
    shots: list[Shot] = []
    sounds: list[SoundClip] = []
    texts: list[TimelineText] = []
    markers: list[Marker] = []
    at = 0
    for timeline in timelines:
        shot_count = len(shots)
        shots += [replace(shot, at=shot.at + at) for shot in timeline.shots]
        sounds += [
            replace(
                sound, at=sound.at + at,
                shot=None if sound.shot is None else sound.shot + shot_count,
            )
            for sound in timeline.sounds
        ]  # fmt: skip
        texts += [replace(text, at=text.at + at) for text in timeline.texts]
        markers += [replace(marker, at=marker.at + at) for marker in timeline.markers]
        at += timeline.frames
    warnings = [warning for timeline in timelines for warning in timeline.warnings]
    return Timeline(
        name, first.rate, first.drop_frame, first.size, at, tuple(shots), tuple(sounds),
        tuple(texts), tuple(markers), tuple(dict.fromkeys(warnings)),
    )  # fmt: skip
