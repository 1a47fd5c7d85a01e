"""Read the sound of all tracks of a take in parts of it, by one run of ffmpeg."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.errors import StoppedError
from btsclip.intervals import Span
from btsclip.media.audio_tracks import AudioTrack
from btsclip.media.channels import LAYOUTS, layout_of, to_mono
from btsclip.media.chapters import write_script
from btsclip.media.ffmpeg import process
from btsclip.media.footage import Footage
from btsclip.media.seeking import SOUND_CLOCK, all_sounds_input
from btsclip.media.sound import RATE


def read_track_sounds(footage: Footage, spans: Sequence[Span]) -> dict[int, NDArray[np.float32]]:
    """The sound of each track that can be decoded, by its number: 16 kHz mono (n,), -1..1.

    The parts within `spans`, in seconds, follow one another; a track that has no sound in one of
    them is silent there. Raises StoppedError when ffmpeg is killed from outside.
    """
    tracks = [track for track in footage.audio_tracks if track.is_readable]
    with tempfile.TemporaryDirectory(prefix="btsclip-") as name:
        folder = Path(name)
        write_script(footage, folder)
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with process(_arguments(footage, tracks, spans), cwd=folder, **pipes) as child:
            if (code := child.wait()) < 0:
                raise StoppedError(
                    footage.path, f"ffmpeg was stopped while reading its sound (signal {-code})",
                    "try again",
                )  # fmt: skip
        return {track.number: _read(folder / _file_name(track), track) for track in tracks}


def _arguments(footage: Footage, tracks: Sequence[AudioTrack], spans: Sequence[Span]) -> list[str]:
    """ffmpeg's arguments: one input for each span, one output for each track."""
    inputs = [all_sounds_input(footage, start) for start, _ in spans]
    outputs = []
    for track in tracks:
        parts = [
            source[str(track.stream)]
            .filter("asetpts", clock)
            .filter("atrim", start=0, end=f"{end - start:.6f}")
            .filter("aresample", RATE, **SOUND_CLOCK)
            .filter("aformat", sample_fmts="flt", channel_layouts=_layout(track))
            .filter("apad", whole_dur=f"{end - start:.6f}")
            for (source, clock), (start, end) in zip(inputs, spans, strict=True)
        ]
        sound = ffmpeg.concat(*parts, v=0, a=1) if len(parts) > 1 else parts[0]
        outputs.append(sound.output(_file_name(track), format="f32le", acodec="pcm_f32le"))
    return ["-loglevel", "error", *ffmpeg.merge_outputs(*outputs).get_args()]


def _layout(track: AudioTrack) -> str:
    return layout_of(track.layout, track.channels)


def _file_name(track: AudioTrack) -> str:
    return f"track-{track.number}.f32"


def _read(path: Path, track: AudioTrack) -> NDArray[np.float32]:
    """The samples that ffmpeg wrote, as mono; none if it could not read the track at all."""
    layout = _layout(track)
    channels = len(LAYOUTS[layout])
    samples = np.fromfile(path, np.float32) if path.exists() else np.zeros(0, np.float32)
    whole = samples[: len(samples) // channels * channels].reshape(-1, channels)
    return np.asarray(to_mono(whole, layout), np.float32) if len(whole) else samples[:0]
