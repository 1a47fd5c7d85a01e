"""The sound of a source as 16 kHz mono, in pieces, on the same clock as the picture."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.media.ffmpeg import INPUT_PROTOCOLS, process
from btsclip.media.probe import Footage

RATE = 16_000
PIECE_SECONDS = 30


def read_sound(footage: Footage) -> Iterator[NDArray[np.float32]]:
    """Pieces of up to 30 s, float -1..1; nothing when the footage is silent.

    Gaps in the source are filled with silence, so that sample n is at n / 16000 seconds.
    """
    if footage.audio_stream is None:
        return
    source = ffmpeg.input(str(footage.path.resolve()), protocol_whitelist=INPUT_PROTOCOLS, vn=None)[
        str(footage.audio_stream)
    ]
    graph = source.filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    arguments = graph.output("pipe:1", format="f32le", ac=1, loglevel="error").get_args()
    size = PIECE_SECONDS * RATE * 4
    with process(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout
        while piece := child.stdout.read(size):
            yield np.frombuffer(piece[: len(piece) // 4 * 4], np.float32)
