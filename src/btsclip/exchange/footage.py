"""The files of a plan's sources and its music, with the facts that a timeline needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from btsclip.exchange.rates import exact_rate, frame_at, is_drop_frame, parse_timecode
from btsclip.exchange.streams import played_streams
from btsclip.exchange.timeline import Media
from btsclip.media import (
    Footage,
    absolute,
    check_sound,
    join_chapters,
    open_media,
    readable_audio,
)
from btsclip.plan import Source
from btsclip.render import read_source
from btsclip.wording import listed


@dataclass(frozen=True)
class SourceFiles:
    """A source of the plan: the joined footage, and its files with the second each starts at."""

    footage: Footage
    files: tuple[tuple[float, Media], ...]


def source_files(source: Source) -> SourceFiles:
    """The files of `source`.

    Raises FootageError for a file that is missing or cannot be read, PlanError for a take that has
    changed since the plan was made.
    """
    chapters = read_source(source)
    files, start = [], 0.0
    for chapter in chapters:
        files.append((start, _footage_media(chapter)))
        start += chapter.duration
    return SourceFiles(join_chapters(chapters), tuple(files))


def _footage_media(footage: Footage) -> Media:
    rate = exact_rate(footage.fps, footage.vfr)
    streams = played_streams(footage)
    return Media(
        footage.path,
        rate,
        max(1, frame_at(footage.duration, rate)),
        (footage.width, footage.height),
        parse_timecode(footage.timecode, rate) if footage.timecode else 0,
        is_drop_frame(footage.timecode) if footage.timecode else False,
        footage.audio_channels or 0,
        footage.audio_rate or 48_000,
        footage.vfr,
        footage.first_picture,
        streams.mlt_start,
        streams.picture,
        streams.sound,
        tuple(_sound_whys(footage)),
    )


def _sound_whys(footage: Footage) -> Iterator[str]:
    """What a rendered clip does with the sound of `footage`, other than to play one track."""
    if footage.right_stream is not None and footage.sound:
        yield f"the sound of tracks {listed(map(str, footage.sound.tracks))} is used"
    elif footage.audio_stream is None and footage.audio_tracks:
        yield "no sound is used"
    if footage.channel:
        yield footage.channel.why


def music_media(path: Path, rate: Fraction) -> Media:
    """The music at `path`, counted in frames of the timeline's `rate`.

    Raises FootageError for a file without readable sound.
    """
    check_sound(path)
    path = absolute(path)
    with open_media(path, "sound") as file:
        stream = readable_audio(file, path)
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
