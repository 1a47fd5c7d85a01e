"""Sound of any length in pieces of speech that a recogniser takes at once, cut at pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media.sound import RATE

Samples = NDArray[np.float32]

# Whisper hears 30 s at a time.
LONGEST = 28
# Seconds of silence that part two stretches of voice, and those that part two pieces: in longer
# ones the model makes up words.
GAP, REST = 0.2, 2.0
# Seconds of sound kept before and after a piece.
AROUND = 0.25


@dataclass(frozen=True)
class SpeechChunk:
    """Sound with speech in it: samples (n,) from `start` on, and the stretches of `voice`; all in
    seconds of the footage."""

    start: float
    sound: Samples
    voice: tuple[Span, ...]


def speech_chunks(sound: Iterable[Samples], start: float) -> Iterator[SpeechChunk]:
    """The speech in `sound`, which begins at `start` seconds. At most a minute is held at once."""
    rest: Samples = np.zeros(0, np.float32)
    first = round(start * RATE)
    for part in sound:
        rest = np.concatenate([rest, part])
        while len(rest) > LONGEST * RATE:
            window = rest[: LONGEST * RATE]
            voice = voiced_spans(window)
            cut = _cut(window, voice)
            yield from _grouped(
                window[:cut], [(a, min(b, cut)) for a, b in voice if a < cut], first
            )
            rest, first = rest[cut:], first + cut
    if len(rest):
        yield from _grouped(rest, voiced_spans(rest), first)


def voiced_spans(sound: Samples) -> list[tuple[int, int]]:
    """Stretches of `sound` in which somebody speaks, in samples: by the network Silero VAD that
    faster-whisper carries."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=100, min_silence_duration_ms=round(GAP * 1000), speech_pad_ms=30
    )
    return [(span["start"], span["end"]) for span in get_speech_timestamps(sound, options)]


def _cut(window: Samples, voice: list[tuple[int, int]]) -> int:
    """Where in the second half of `window` to cut it: in the middle of the longest pause, else
    where it is most quiet."""
    size = len(window)
    edges = [0, *(edge for span in voice for edge in span), size]
    pauses = [(max(a, size // 2), b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    low, high = max(pauses, key=lambda pause: pause[1] - pause[0])
    if high - low > GAP * RATE / 2:
        # After silence up to the end nothing is cut off: what begins there may be a word.
        return high - round(AROUND * RATE) if high == size else (low + high) // 2
    step = RATE // 20
    half = window[size // 2 :]
    level = (half[: len(half) // step * step].reshape(-1, step) ** 2).mean(1)
    return size // 2 + int(level.argmin()) * step + step // 2


def _grouped(sound: Samples, voice: list[tuple[int, int]], first: int) -> Iterator[SpeechChunk]:
    """One piece for each group of stretches that lie less than REST seconds apart."""
    groups: list[list[tuple[int, int]]] = []
    for span in voice:
        if groups and span[0] - groups[-1][-1][1] < REST * RATE:
            groups[-1].append(span)
        else:
            groups.append([span])
    around = round(AROUND * RATE)
    for group in groups:
        low, high = max(0, group[0][0] - around), min(len(sound), group[-1][1] + around)
        times = tuple(((first + a) / RATE, (first + b) / RATE) for a, b in group)
        yield SpeechChunk((first + low) / RATE, sound[low:high], times)
