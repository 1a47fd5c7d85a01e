"""The streams of a take as inputs of ffmpeg, from a given time on.

Times come as the file has them (`-copyts`), and the start of the take is subtracted: ffmpeg's own
zero depends on which streams it reads, and it closes long gaps in MPEG-TS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ffmpeg

from btsclip.media.audio_tracks import AudioTrack
from btsclip.media.chapters import open_footage, source_options
from btsclip.media.decoding import MIN_SEEK, PictureReader
from btsclip.media.footage import Footage

# Seconds by which sound is sought too early in a file without an index: of what lies side by side
# there, the sound may be that much later than the picture. Also, seconds between keyframes that are
# assumed where nothing is known of them.
MAX_SEEK_ERROR = 10.0
# Seconds of the source read after a span, so that its last picture has an end.
READ_AFTER = 1.0
# Options of aresample that keep sound on its clock: what is missing is filled with silence, never
# made up for by a shift. Gaps of less than `min_hard_comp` seconds, as jitter makes them, stay
# until they add up to it; more would be seen.
SOUND_CLOCK = {"async": 1, "min_hard_comp": 0.04, "first_pts": 0}


def picture_input(
    footage: Footage, start: float, seconds: float | None = None, **options: Any
) -> tuple[Any, str]:
    """The take's pictures from the last keyframe before `start` or earlier, and an expression of
    their time that is 0 at `start`.

    Args:
        seconds: Seconds of the take after `start` to read; None reads as long as pictures are
            wanted.
        options: More options of the input.
    """
    begin, before = start, footage.max_keyframe_gap or 0.0
    if footage.keyframe_interval is None and start > MIN_SEEK:
        begin, first = _find_keyframe(footage, start)
        before = max(before, start - first)
    if seconds is not None:
        options["t"] = f"{before + MAX_SEEK_ERROR + seconds + READ_AFTER:.3f}"
    source, clock = _input(footage, start, begin, options)
    return source[str(footage.video_stream)], clock


def sound_from(footage: Footage, start: float, rate: int, seconds: float | None = None) -> Any:
    """The take's played sound from `start` on, at `rate` samples a second, for `seconds` or to its
    end. What is missing is silence. The take must have sound."""
    source, clock = _sound_input(footage, start)
    return _in_step(sound_stream(source, footage), clock, rate, seconds)


def tracks_from(
    footage: Footage, tracks: Sequence[AudioTrack], start: float, rate: int, seconds: float
) -> list[Any]:
    """The sound of each of `tracks`, as of `sound_from`."""
    source, clock = _sound_input(footage, start)
    return [_in_step(source[str(track.stream)], clock, rate, seconds) for track in tracks]


def _sound_input(footage: Footage, start: float) -> tuple[Any, str]:
    lead = MAX_SEEK_ERROR if footage.keyframe_interval is None else 0.0
    return _input(footage, start, start - lead, {"vn": None})


def _in_step(stream: Any, clock: str, rate: int, seconds: float | None) -> Any:
    end = {} if seconds is None else {"end": f"{seconds:.6f}"}
    trimmed = stream.filter("asetpts", clock).filter("atrim", start=0, **end)
    return trimmed.filter("aresample", rate, **SOUND_CLOCK)


def sound_stream(source: Any, footage: Footage) -> Any:
    """The played sound of an ffmpeg input of `footage`, which must have sound: a stream, or the
    stereo of two mono streams."""
    left = source[str(footage.audio_stream)]
    if footage.right_stream is None:
        return left
    sides = [left, source[str(footage.right_stream)]]
    return ffmpeg.filter(sides, "join", channel_layout="stereo", map="0.0-FL|1.0-FR")


def _input(
    footage: Footage, start: float, begin: float, options: dict[str, Any]
) -> tuple[Any, str]:
    seeking: dict[str, Any] = {"copyts": None}
    if begin > MIN_SEEK:
        seeking |= {"ss": f"{begin:.6f}", "noaccurate_seek": None}
    name, reading = source_options(footage)
    source = ffmpeg.input(name, **seeking, **reading, **options)
    return source, f"PTS-{footage.start + start:.6f}/TB"


def _find_keyframe(footage: Footage, start: float) -> tuple[float, float]:
    """The time to seek to, so that decoding begins at or before `start`, and the time of the first
    picture from there."""
    with open_footage(footage) as (container, stream):
        reader = PictureReader(footage, container, stream)
        first = next(reader.read_from(start), None)
        return reader.sought, start if first is None else first.time or 0.0
