"""The files that a plan refers to, with what a timeline must know of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from btsclip.exchange.rates import frame_at, frame_of, is_drop, nominal
from btsclip.exchange.timeline import Media
from btsclip.media.chapters import join_chapters
from btsclip.media.footage import Footage, open_media
from btsclip.media.paths import absolute
from btsclip.media.sound import check_sound
from btsclip.plan.model import Source
from btsclip.render.sources import read_source


@dataclass(frozen=True)
class SourceFiles:
    """A source of the plan: the whole of it, and its files with the second each begins at."""

    footage: Footage
    files: tuple[tuple[float, Media], ...]


def source_files(source: Source) -> SourceFiles:
    """The files of `source`.

    Raises FootageError for one that is missing or can't be read, PlanError for a take that has
    changed since the plan was made.
    """
    parts = read_source(source)
    files, begins = [], 0.0
    for part in parts:
        files.append((begins, _media(part)))
        begins += part.duration
    return SourceFiles(join_chapters(parts), tuple(files))


def _media(footage: Footage) -> Media:
    rate = nominal(footage.fps, footage.vfr)
    return Media(
        footage.path,
        rate,
        max(1, frame_at(footage.duration, rate)),
        (footage.width, footage.height),
        frame_of(footage.timecode, rate) if footage.timecode else 0,
        is_drop(footage.timecode) if footage.timecode else False,
        footage.audio_channels or 0,
        footage.audio_rate or 48_000,
        footage.vfr,
    )


def sound_of(path: Path, rate: Fraction) -> Media:
    """The music at `path`, counted in frames of the timeline's `rate`.

    Raises FootageError for a file that holds no sound that can be read.
    """
    check_sound(path)
    path = absolute(path)
    with open_media(path, "sound") as file:
        stream = file.streams.audio[0]
        if stream.duration and stream.time_base:
            seconds = Fraction(stream.duration) * stream.time_base
        else:
            seconds = Fraction(file.duration or 0, 1_000_000)
        context = stream.codec_context
        return Media(
            path,
            rate,
            max(1, int(seconds * rate)),
            channels=context.channels,
            sample_rate=context.sample_rate,
        )
