"""Cut sound of any length at pauses into chunks that a speech recognizer can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span
from btsclip.media import RATE

Samples = NDArray[np.float32]

# Seconds of a chunk: Whisper takes 30.
MAX_SECONDS = 28
# Seconds of silence between two spans of voice.
MIN_PAUSE_SECONDS = 0.2
# Seconds of silence between two chunks: in a longer silence the model makes up words.
MIN_CHUNK_PAUSE_SECONDS = 2.0
# Seconds of sound kept before and after the voice of a chunk.
MARGIN_SECONDS = 0.25


@dataclass(frozen=True)
class SpeechChunk:
    """Sound with speech: samples (n,) that begin at `start`, and the spans of `voice` in them, in
    seconds of the footage."""

    start: float
    sound: Samples
    voice: tuple[Span, ...]


def speech_chunks(sound: Iterable[Samples], start: float) -> Iterator[SpeechChunk]:
    """Yield the speech in `sound`, which begins at `start` seconds. At most a minute of sound is in
    memory at once."""
    rest: Samples = np.zeros(0, np.float32)
    first = round(start * RATE)
    for part in sound:
        rest = np.concatenate([rest, part])
        while len(rest) > MAX_SECONDS * RATE:
            window = rest[: MAX_SECONDS * RATE]
            voice = voiced_spans(window)
            cut = _choose_cut(window, voice)
            before_cut = [(a, min(b, cut)) for a, b in voice if a < cut]
            yield from _make_chunks(window[:cut], before_cut, first)
            rest, first = rest[cut:], first + cut
    if len(rest):
        yield from _make_chunks(rest, voiced_spans(rest), first)


def voiced_spans(sound: Samples) -> list[tuple[int, int]]:
    """Spans of `sound` with speech, in samples, by the network Silero VAD in faster-whisper."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=100,
        min_silence_duration_ms=round(MIN_PAUSE_SECONDS * 1000),
        speech_pad_ms=30,
    )
    return [(span["start"], span["end"]) for span in get_speech_timestamps(sound, options)]


def _choose_cut(window: Samples, voice: list[tuple[int, int]]) -> int:
    """The sample in the second half of `window` at which to cut it: in the middle of the longest
    pause, else at the quietest place."""
    size = len(window)
    edges = [0, *(edge for span in voice for edge in span), size]
    pauses = [(max(a, size // 2), b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    low, high = max(pauses, key=lambda pause: pause[1] - pause[0])
    if high - low > MIN_PAUSE_SECONDS * RATE / 2:
        # If the pause lasts to the end, keep the end: a word may begin there.
        return high - round(MARGIN_SECONDS * RATE) if high == size else (low + high) // 2
    step = RATE // 20
    half = window[size // 2 :]
    level = (half[: len(half) // step * step].reshape(-1, step) ** 2).mean(1)
    return size // 2 + int(level.argmin()) * step + step // 2


def _make_chunks(sound: Samples, voice: list[tuple[int, int]], first: int) -> Iterator[SpeechChunk]:
    """One chunk for each group of spans of voice less than MIN_CHUNK_PAUSE_SECONDS apart; `first`
    is the number of the first sample of `sound`."""
    groups: list[list[tuple[int, int]]] = []
    for span in voice:
        if groups and span[0] - groups[-1][-1][1] < MIN_CHUNK_PAUSE_SECONDS * RATE:
            groups[-1].append(span)
        else:
            groups.append([span])
    margin = round(MARGIN_SECONDS * RATE)
    for group in groups:
        low, high = max(0, group[0][0] - margin), min(len(sound), group[-1][1] + margin)
        times = tuple(((first + a) / RATE, (first + b) / RATE) for a, b in group)
        yield SpeechChunk((first + low) / RATE, sound[low:high], times)
