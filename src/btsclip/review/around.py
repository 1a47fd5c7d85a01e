"""What of a take is shown in the browser: the file itself, or a small copy of the part in question.

Browsers play H.264 of 8 bits; phones and cameras write HEVC, 10 bits, ProRes, chapters. What can't
be played, or is too large to be scrubbed smoothly, is made into a small H.264 copy of the span and
some seconds around it, when it is first asked for.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg
import platformdirs

from btsclip.analysis.cache import content_digest
from btsclip.media.chapters import write_script
from btsclip.media.footage import Footage
from btsclip.media.output import publish, staging
from btsclip.plan.model import Span
from btsclip.presets.schema import Output
from btsclip.render import process
from btsclip.render.color import scale_picture, tag_matrix, to_bt709
from btsclip.render.graph import seek_input

PLAYED = {
    "h264": (".mp4", ".m4v", ".mov"),
    "vp8": (".webm",),
    "vp9": (".webm",),
    "av1": (".webm", ".mp4"),
}
# The longer side of a file that is scrubbed smoothly, and that of a copy, in pixels.
SMOOTH, COPY = 1920, 640
# Seconds shown before and after a span, so that it can be made longer.
AROUND = 8.0
_MADE = "around.mp4"


@dataclass(frozen=True)
class PlayableFile:
    """A file that a browser plays; its time zero is `begins` seconds into the take."""

    path: Path
    begins: float


def is_playable(footage: Footage) -> bool:
    """Whether browsers play the take as it is, and smoothly."""
    return (
        footage.path.suffix.lower() in PLAYED.get(footage.codec, ())
        and footage.bit_depth == 8
        and not footage.hdr
        and not footage.chapters
        and max(footage.width, footage.height) <= SMOOTH
    )


def playable_surroundings(footage: Footage, span: Span, folder: Path | None = None) -> PlayableFile:
    """The take itself where it plays, else a copy of the span's surroundings in `folder` (default:
    the user's cache), made when it is not there.

    Raises FootageError, OutputError and RenderError.
    """
    if is_playable(footage):
        return PlayableFile(footage.path, 0.0)
    # Whole seconds, so that a border moved a little shows the same copy.
    begins = max(0.0, (span.start - AROUND) // AROUND * AROUND)
    ends = min(footage.duration, (span.end // AROUND + 2) * AROUND)
    folder = folder or platformdirs.user_cache_path("btsclip") / "review"
    held = b"".join(content_digest(path) for path in footage.files)
    name = hashlib.sha256(held + f"{begins:.0f}-{ends:.0f}".encode()).hexdigest()[:32]
    path = folder / f"{name}.mp4"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with staging(folder) as temp:
            write_script(footage, temp)
            process.run_ffmpeg(_arguments(footage, begins, ends), temp)
            publish([(temp / _MADE, path)], True)
    return PlayableFile(path, begins)


def picture(footage: Footage, at: float) -> bytes:
    """A small JPEG of the take at `at` seconds. Raises RenderError when it can't be decoded."""
    span = Span(source="", start=at, end=at + 1, layout="fit-blur")
    with tempfile.TemporaryDirectory(prefix="btsclip-") as name:
        folder = Path(name)
        write_script(footage, folder)
        drawn = _drawn(footage, span).output("at.jpg", **{"frames:v": 1, "q:v": 5})
        process.run_ffmpeg(["-loglevel", "error", *drawn.get_args()], folder)
        return (folder / "at.jpg").read_bytes()


def _arguments(footage: Footage, begins: float, ends: float) -> list[str]:
    span = Span(source="", start=begins, end=ends, layout="fit-blur")
    streams = [_drawn(footage, span)]
    options: dict[str, Any] = {
        "c:v": "libx264", "preset": "ultrafast", "crf": 26, "pix_fmt": "yuv420p",
        # Scrubbing asks for pictures anywhere.
        "g": 12, "movflags": "+faststart", "t": f"{ends - begins:.3f}", "map_metadata": -1,
    }  # fmt: skip
    if footage.audio_stream is not None:
        sound, clock = seek_input(footage, span, footage.first_sound, vn=None)
        heard = sound[str(footage.audio_stream)].filter("asetpts", clock)
        heard = heard.filter("atrim", start=0).filter("aresample", 48000, **{"async": 1})
        streams.append(heard)
        options |= {"c:a": "aac", "ac": 2}
    return ["-loglevel", "error", *ffmpeg.output(*streams, _MADE, **options).get_args()]


def _drawn(footage: Footage, span: Span) -> Any:
    """The span's pictures, small, upright and in the colours of a screen."""
    source, clock = seek_input(footage, span, footage.first_picture)
    drawn = source[str(footage.video_stream)].filter("setpts", clock)
    drawn = tag_matrix(drawn, footage).filter("trim", start=0)
    share = min(1.0, COPY / max(footage.width, footage.height))
    size = Output(
        width=max(128, 2 * round(footage.width * share / 2)),
        height=max(128, 2 * round(footage.height * share / 2)),
    )
    drawn = scale_picture(drawn, size.width, size.height, footage)
    return to_bt709(drawn, footage).filter("setsar", "1")
