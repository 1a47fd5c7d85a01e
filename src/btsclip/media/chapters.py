"""Takes in several files: read them as one file with one clock, without copying them.

ffmpeg's concat demuxer joins them by a script that btsclip writes. A file of the user is never read
as a script (see `opening.INDIRECT_FORMATS`).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btsclip.errors import FootageError
from btsclip.intervals import Span
from btsclip.media.audio_tracks import track_kinds
from btsclip.media.ffmpeg import INPUT_PROTOCOLS
from btsclip.media.footage import Chapter, Footage
from btsclip.media.opening import main_video_stream, open_video

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Facts that must be the same in all files of a take, with their names in messages.
_SHARED_FACTS = {
    "codec": "codec", "coded_width": "width", "coded_height": "height", "rotation": "rotation",
    "bit_depth": "bit depth", "audio_rate": "sound rate", "audio_channels": "sound channels",
}  # fmt: skip


def join_chapters(parts: Sequence[Footage]) -> Footage:
    """Join the files of a take, in order, into one Footage with their total duration and size.

    Raises FootageError when a file is of another kind than the first.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    for part in parts[1:]:
        words = [
            word for fact, word in _SHARED_FACTS.items()
            if getattr(part, fact) != getattr(first, fact)
        ]  # fmt: skip
        if track_kinds(part) != track_kinds(first):
            words.append("set of sound tracks")
        if words:
            raise FootageError(
                part.path, f"has another {words[0]} than {first.path.name}", "cut it by itself"
            )
    # Where a file was cut short, the clock runs on to the next one.
    lengths = [max([part.duration, *(end for _, end in part.lost)]) for part in parts[:-1]]
    lengths.append(parts[-1].duration)
    return replace(
        first,
        duration=sum(lengths),
        size=sum(part.size for part in parts),
        vfr=any(part.vfr for part in parts),
        max_keyframe_gap=_max_keyframe_gap(parts),
        # The concat demuxer counts from 0.
        start=0.0,
        chapters=tuple(map(Chapter, [part.path for part in parts], lengths)),
        lost=tuple(_lost_spans(parts, lengths)),
    )


def _lost_spans(parts: Sequence[Footage], lengths: Sequence[float]) -> Iterator[Span]:
    """The spans of all `parts` that can't be read, in seconds of the take; `lengths` are the
    seconds from the start of each part to that of the next one."""
    begin = 0.0
    for part, length in zip(parts, lengths, strict=True):
        yield from ((begin + start, begin + end) for start, end in part.lost)
        begin += length


def _max_keyframe_gap(parts: Sequence[Footage]) -> float | None:
    """Longest time without a keyframe in any of `parts`; None if one of them has no index."""
    gaps = [part.max_keyframe_gap for part in parts]
    known = [gap for gap in gaps if gap is not None]
    return max(known) if len(known) == len(gaps) else None


def script(footage: Footage) -> str:
    """The concat script of a take in several files, with quoted names."""
    lines = ["ffconcat version 1.0"]
    for chapter in footage.chapters:
        quoted = str(chapter.path.resolve()).replace("'", "'\\''")
        lines += [f"file '{quoted}'", f"duration {chapter.duration:.6f}"]
    return "\n".join(lines) + "\n"


def _script_name(footage: Footage) -> str:
    """The file name of the script, which is different for each take."""
    files = hashlib.sha256(script(footage).encode("utf-8", "surrogatepass"))
    return f"chapters-{files.hexdigest()[:16]}.ffconcat"


def write_script(footage: Footage, folder: Path) -> None:
    """Write the script that `source_options` names into `folder`, if the take needs one."""
    if footage.chapters:
        (folder / _script_name(footage)).write_text(script(footage), "utf-8")


def source_options(footage: Footage) -> tuple[str, dict[str, Any]]:
    """The name and the options of the ffmpeg input for `footage`. ffmpeg must run in the folder of
    `write_script`."""
    if footage.chapters:
        return _script_name(footage), {
            "f": "concat",
            "safe": 0,
            "protocol_whitelist": INPUT_PROTOCOLS,
        }
    # An absolute path can't be mistaken for an option or a protocol.
    return str(footage.path.resolve()), {"protocol_whitelist": INPUT_PROTOCOLS}


@contextmanager
def open_footage(footage: Footage) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a take: its container and main video stream. Raises FootageError as `open_video`
    does."""
    if not footage.chapters:
        with open_video(footage.path) as opened:
            yield opened
        return
    import av

    with tempfile.TemporaryDirectory(prefix="btsclip-") as folder:
        write_script(footage, Path(folder))
        options = {"safe": "0", "protocol_whitelist": INPUT_PROTOCOLS}
        try:
            container = av.open(
                str(Path(folder, _script_name(footage))), format="concat", options=options,
                metadata_errors="replace",
            )  # fmt: skip
        except (av.error.FFmpegError, OSError) as error:
            raise FootageError(
                footage.path, f"can't be joined with the other files of the take ({error})",
                "cut them one by one",
            ) from error  # fmt: skip
        with container:
            yield container, main_video_stream(container, footage.path)
