"""Read sound as 16 kHz mono, in pieces, on the same clock as the picture."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btsclip.errors import FootageError, StoppedError
from btsclip.media.channels import LAYOUTS, ChannelMeter, layout_of, to_mono
from btsclip.media.chapters import write_script
from btsclip.media.ffmpeg import process
from btsclip.media.footage import Footage
from btsclip.media.opening import open_media
from btsclip.media.seeking import sound_from

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# Samples per second.
RATE = 16_000
PIECE_SECONDS = 30


def read_sound(
    footage: Footage,
    meter: ChannelMeter | None = None,
    span: tuple[float, float] | None = None,
) -> Iterator[NDArray[np.float32]]:
    """Read the sound of a take, or of a `span` in seconds, in pieces (n,) of up to 30 s, -1..1.

    Yields nothing for footage without sound. Silent channels, and channels that cancel each other
    out, are left out; `meter` (see `meter_of`) gets all channels. Gaps in the source are filled
    with silence, so that sample n is n / 16000 seconds after the start. Raises StoppedError when
    ffmpeg is killed from outside.
    """
    layout = layout_of(footage.audio_layout, footage.audio_channels)
    for piece in _read_channels(footage, layout, span):
        if meter:
            meter.add(piece)
        yield np.asarray(to_mono(piece, layout, footage.channel), np.float32)


def meter_of(footage: Footage) -> ChannelMeter:
    """A meter for the channels of `footage`, to pass to `read_sound`."""
    return ChannelMeter(layout_of(footage.audio_layout, footage.audio_channels))


def _read_channels(
    footage: Footage, layout: str, span: tuple[float, float] | None
) -> Iterator[NDArray[np.float32]]:
    """Read pieces (n, channels) of up to 30 s in the channels of `layout`."""
    if footage.audio_stream is None:
        return
    start, end = span or (0.0, None)
    graph = sound_from(footage, start, RATE, None if end is None else end - start).filter(
        "aformat", sample_fmts="flt", channel_layouts=layout
    )
    arguments = graph.output("pipe:1", format="f32le", loglevel="error").get_args()
    channels = len(LAYOUTS[layout])
    size = PIECE_SECONDS * RATE * 4 * channels
    with tempfile.TemporaryDirectory(prefix="btsclip-") as folder:
        write_script(footage, Path(folder))
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with process(arguments, cwd=folder, **pipes) as child:
            assert child.stdout
            while piece := child.stdout.read(size):
                samples = len(piece) // (4 * channels)
                if samples:
                    whole = np.frombuffer(piece[: samples * 4 * channels], np.float32)
                    yield whole.reshape(samples, channels)
            # After a damaged end the rest of the sound is lost.
            check_not_stopped(footage, child.wait())


def check_not_stopped(footage: Footage, code: int) -> None:
    """Raise StoppedError if `code`, with which ffmpeg ended reading sound, is that of a signal:
    half of the sound must not pass for all of it."""
    if code < 0:
        raise StoppedError(
            footage.path, f"ffmpeg was stopped while reading its sound (signal {-code})",
            "try again",
        )  # fmt: skip


def readable_audio(file: InputContainer, path: Path) -> AudioStream:
    """The first audio stream of the open `file` at `path` that can be decoded.

    Raises FootageError if there is none.
    """
    streams = file.streams.audio
    # PyAV has no codec context for a stream without a decoder, whatever its types say.
    readable = next((stream for stream in streams if stream.codec_context is not None), None)
    if readable is None:
        cause = "holds only sound that can't be read" if streams else "holds no sound"
        raise FootageError(path, cause, "name a file of music or speech")
    return readable


def music_stream(path: Path) -> int:
    """The index of the stream of the sound file at `path` that is heard. Raises FootageError for a
    file without sound that can be decoded."""
    with open_media(path, "sound") as file:
        return readable_audio(file, path).index


def check_sound(path: Path) -> None:
    """Raise FootageError unless the sound of the file at `path` can be decoded."""
    import av

    with open_media(path, "sound") as file:
        try:
            next(iter(file.decode(readable_audio(file, path))))
        except StopIteration:
            raise FootageError(path, "holds no sound", "name a file of music or speech") from None
        except av.error.FFmpegError as error:
            raise FootageError(
                path, f"its sound can't be decoded ({error.strerror or error})",
                "convert it to WAV or MP3",
            ) from error  # fmt: skip
