"""Takes in the browser: the file itself, or a small copy of one part.

Browsers play 8-bit H.264. Phones and cameras also write HEVC, 10 bits, ProRes and chapters. For a
file that cannot be played, or is too large to scrub smoothly, a small H.264 copy of the span and
some seconds around it is made on the first request.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg
import platformdirs

from btsclip.analysis import content_digest
from btsclip.media import (
    Footage,
    picture_input,
    publish,
    sound_from,
    sound_key,
    staging,
    write_script,
)
from btsclip.plan import Span
from btsclip.presets import Output
from btsclip.render import process, scale_picture, to_bt709, whole_pictures

# Codecs that browsers play, with the suffixes of their files.
PLAYABLE_SUFFIXES = {
    "h264": (".mp4", ".m4v", ".mov"),
    "vp8": (".webm",),
    "vp9": (".webm",),
    "av1": (".webm", ".mp4"),
}
# The longer side, in pixels, of a file that scrubs smoothly.
MAX_SMOOTH_SIDE = 1920
# The longer side of a copy.
COPY_SIDE = 640
# Seconds before and after a span in a copy, so that the span can be extended.
MARGIN_SECONDS = 8.0
# Samples a second in a copy.
SOUND_RATE = 48_000
_COPY_NAME = "copy.mp4"


@dataclass(frozen=True)
class PlayableFile:
    """A file that a browser plays. It starts `start` seconds into the take."""

    path: Path
    start: float


def is_playable(footage: Footage) -> bool:
    """Whether browsers play the take itself, and scrub it smoothly."""
    return (
        footage.path.suffix.lower() in PLAYABLE_SUFFIXES.get(footage.codec, ())
        and footage.bit_depth == 8
        and not footage.hdr
        and footage.scan in ("progressive", "segmented")
        and not footage.chapters
        and _plays_first_track(footage)
        and max(footage.width, footage.height) <= MAX_SMOOTH_SIDE
    )


def _plays_first_track(footage: Footage) -> bool:
    """Whether the sound of the take is that which browsers play: of the first track."""
    return footage.sound is None or footage.sound.tracks in ((), (1,))


def playable_file(footage: Footage, span: Span, folder: Path | None = None) -> PlayableFile:
    """The take itself if browsers play it, or else a copy of the part around `span`.

    The copy is made once, in `folder` (default: the user's cache). Raises FootageError, OutputError
    and RenderError.
    """
    if is_playable(footage):
        return PlayableFile(footage.path, 0.0)
    # Steps of MARGIN_SECONDS, so that a border moved a little needs no new copy.
    start = max(0.0, (span.start - MARGIN_SECONDS) // MARGIN_SECONDS * MARGIN_SECONDS)
    end = min(footage.duration, (span.end // MARGIN_SECONDS + 2) * MARGIN_SECONDS)
    folder = folder or platformdirs.user_cache_path("btsclip") / "review"
    digest = b"".join(content_digest(path) for path in footage.files)
    part = f"{start:.0f}-{end:.0f}{sound_key(footage)}"
    name = hashlib.sha256(digest + part.encode()).hexdigest()[:32]
    path = folder / f"{name}.mp4"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with staging(folder) as temp:
            write_script(footage, temp)
            process.run_ffmpeg(_copy_arguments(footage, start, end), temp)
            publish([(temp / _COPY_NAME, path)], True)
    return PlayableFile(path, start)


def jpeg_at(footage: Footage, seconds: float) -> bytes:
    """A small JPEG of the take at `seconds`. Raises RenderError if it cannot be decoded."""
    span = Span(source="", start=seconds, end=seconds + 1, layout="fit-blur")
    with tempfile.TemporaryDirectory(prefix="btsclip-") as name:
        folder = Path(name)
        write_script(footage, folder)
        output = _small_video(footage, span).output("at.jpg", **{"frames:v": 1, "q:v": 5})
        process.run_ffmpeg(["-loglevel", "error", *output.get_args()], folder)
        return (folder / "at.jpg").read_bytes()


def _copy_arguments(footage: Footage, start: float, end: float) -> list[str]:
    span = Span(source="", start=start, end=end, layout="fit-blur")
    streams = [_small_video(footage, span)]
    options: dict[str, Any] = {
        "c:v": "libx264", "preset": "ultrafast", "crf": 26, "pix_fmt": "yuv420p",
        # Scrubbing needs many keyframes.
        "g": 12, "movflags": "+faststart", "t": f"{end - start:.3f}", "map_metadata": -1,
    }  # fmt: skip
    if footage.audio_stream is not None:
        streams.append(sound_from(footage, start, SOUND_RATE))
        options |= {"c:a": "aac", "ac": 2}
    return ["-loglevel", "error", *ffmpeg.output(*streams, _COPY_NAME, **options).get_args()]


def _small_video(footage: Footage, span: Span) -> Any:
    """The video stream of the span, small, upright and in the colors of a screen."""
    picture, clock = picture_input(footage, span.start)
    video = whole_pictures(picture, footage).filter("setpts", clock).filter("trim", start=0)
    share = min(1.0, COPY_SIDE / max(footage.width, footage.height))
    size = Output(
        width=max(128, 2 * round(footage.width * share / 2)),
        height=max(128, 2 * round(footage.height * share / 2)),
    )
    video = scale_picture(video, size.width, size.height, footage)
    return to_bt709(video, footage).filter("setsar", "1")
