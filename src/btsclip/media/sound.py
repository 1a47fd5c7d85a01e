"""The sound of a source as 16 kHz mono, in pieces, on the same clock as the picture."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError, StoppedError
from btsclip.media.chapters import source_options, write_script
from btsclip.media.ffmpeg import process
from btsclip.media.probe import Footage, open_media

RATE = 16_000
PIECE_SECONDS = 30


def read_sound(footage: Footage) -> Iterator[NDArray[np.float32]]:
    """Pieces of up to 30 s, float -1..1; nothing when the footage is silent.

    Gaps in the source are filled with silence, so that sample n is at n / 16000 seconds. Raises
    StoppedError when ffmpeg is ended from outside.
    """
    if footage.audio_stream is None:
        return
    name, options = source_options(footage)
    source = ffmpeg.input(name, **options, vn=None)[str(footage.audio_stream)]
    graph = source.filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    arguments = graph.output("pipe:1", format="f32le", ac=1, loglevel="error").get_args()
    size = PIECE_SECONDS * RATE * 4
    with tempfile.TemporaryDirectory(prefix="btsclip-") as folder:
        write_script(footage, Path(folder))
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with process(arguments, cwd=folder, **pipes) as child:
            assert child.stdout
            while piece := child.stdout.read(size):
                yield np.frombuffer(piece[: len(piece) // 4 * 4], np.float32)
            # A damaged end costs the rest of the sound; half of it because somebody ended ffmpeg
            # must not be taken for the whole.
            if (code := child.wait()) < 0:
                raise StoppedError(
                    footage.path, f"ffmpeg was stopped while reading its sound (signal {-code})",
                    "try again",
                )  # fmt: skip


def check_sound(path: Path) -> None:
    """Raises FootageError unless the file at `path` holds a sound that can be decoded."""
    import av

    with open_media(path, "sound") as file:
        try:
            stream = file.streams.audio[0]
            next(iter(file.decode(stream)))
        except (IndexError, StopIteration):
            raise FootageError(path, "holds no sound", "name a file of music or speech") from None
        except av.error.FFmpegError as error:
            raise FootageError(
                path, f"its sound can't be decoded ({error.strerror or error})",
                "convert it to WAV or MP3",
            ) from error  # fmt: skip
