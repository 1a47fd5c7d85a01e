"""Read the sound of all tracks of a take in parts of it, by one run of ffmpeg."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media.audio_tracks import AudioTrack
from btsclip.media.channels import LAYOUTS, layout_of, to_mono
from btsclip.media.chapters import write_script
from btsclip.media.ffmpeg import process
from btsclip.media.footage import Footage
from btsclip.media.seeking import tracks_from
from btsclip.media.sound import RATE, check_not_stopped


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
            check_not_stopped(footage, child.wait())
        return {track.number: _read(folder / _file_name(track), track) for track in tracks}


def _arguments(footage: Footage, tracks: Sequence[AudioTrack], spans: Sequence[Span]) -> list[str]:
    """ffmpeg's arguments: one input for each span, one output for each track."""
    lengths = [end - start for start, end in spans]
    sounds = [
        tracks_from(footage, tracks, start, RATE, length)
        for (start, _), length in zip(spans, lengths, strict=True)
    ]
    outputs = []
    for track, *streams in zip(tracks, *sounds, strict=True):
        parts = [
            stream.filter("aformat", sample_fmts="flt", channel_layouts=_layout(track)).filter(
                "apad", whole_dur=f"{length:.6f}"
            )
            for stream, length in zip(streams, lengths, strict=True)
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
