"""Transcribe the speech in a take: words with their times on the footage's own clock."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import Span, merge, shared_seconds
from btsclip.media import RATE, Footage, read_sound
from btsclip.signals.speech_chunks import Samples, SpeechChunk, speech_chunks
from btsclip.signals.whisper import load_model

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

# Limits of real speech, from Whisper's authors (Radford et al. 2022, section 4.5): mean log
# probability of the tokens, and compression ratio of the text.
MIN_LOGPROB = -1.0
MAX_COMPRESSION = 2.4
# Probability of no speech, by the model itself, above which the text must be likelier.
MAX_NO_SPEECH = 0.6
MIN_DOUBTED_LOGPROB = -0.5
# Words of a phrase that the model may repeat in a loop, and the number of repetitions of a loop.
MAX_LOOP_WORDS = 8
MIN_LOOP_TURNS = 3
# Seconds of silence that end a sentence without a full stop.
MIN_SENTENCE_PAUSE = 0.8
# Seconds of the shortest word.
MIN_WORD_SECONDS = 0.04
# Seconds from the nearest voice up to which a word is kept.
MAX_VOICE_DISTANCE = 0.2
# Seconds after the beginning of a voice in which its first word is moved to the beginning.
FIRST_WORD_SECONDS = 0.4
# Seconds by which Whisper puts the other words too late: the median over 238 words by three voices
# of Flite, whose times are known, was 0.10, and over 450 by three of eSpeak 0.12 (tiny.en).
WORD_DELAY = 0.1
# Languages written without blanks, whose tokens are not joined to words.
UNSPACED = ("zh", "ja", "th", "lo", "my", "yue")
# Probability of a language that is kept for the rest of the take.
MIN_LANGUAGE_PROBABILITY = 0.8
_STOP = re.compile(r"[.!?…。！？؟]['\"’”»)\]]*$")
_ABBREVIATION = re.compile(r"^(mr|mrs|ms|dr|st|no|approx|e\.g|i\.e)\.$", re.IGNORECASE)


@dataclass(frozen=True)
class SpokenText:
    """A word or a sentence: its time in seconds of the footage, and its probability, 0..1."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Speech:
    """The words of a take in order, as arrays (n,).

    `texts` have no blanks. `starts` and `ends` are seconds of the footage and never overlap.
    `probabilities` are 0..1. `numbers` are those of the words' sentences. `language` is the code of
    the spoken language, empty if it is not sure.
    """

    texts: NDArray[np.str_]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    numbers: NDArray[np.int_]
    language: str = ""

    @staticmethod
    def of(words: Sequence[SpokenText], language: str = "") -> Speech:
        """The speech of `words`, which must be in the order of time; numbers their sentences."""
        sentence_ends = [
            ends_sentence(word.text) or following.start - word.end >= MIN_SENTENCE_PAUSE
            for word, following in itertools.pairwise(words)
        ]
        return Speech(
            np.array([word.text for word in words], np.str_),
            np.array([word.start for word in words], np.float64),
            np.array([word.end for word in words], np.float64),
            np.array([word.probability for word in words], np.float64),
            np.cumsum([0, *sentence_ends], dtype=int)[: len(words)],
            language,
        )

    @property
    def words(self) -> tuple[SpokenText, ...]:
        """All words."""
        columns = (self.texts, self.starts, self.ends, self.probabilities)
        return tuple(
            itertools.starmap(SpokenText, zip(*(c.tolist() for c in columns), strict=True))
        )

    @property
    def sentences(self) -> tuple[SpokenText, ...]:
        """All sentences, each with the mean probability of its words."""
        words, numbers = self.words, self.numbers.tolist()
        indices = itertools.groupby(range(len(words)), key=numbers.__getitem__)
        sentences = [[words[i] for i in group] for _, group in indices]
        return tuple(
            SpokenText(
                " ".join(word.text for word in sentence),
                sentence[0].start,
                sentence[-1].end,
                sum(word.probability for word in sentence) / len(sentence),
            )
            for sentence in sentences
        )


def ends_sentence(word: str) -> bool:
    """Whether `word` ends with a full stop or the like, and is not an abbreviation.

    >>> ends_sentence("salt."), ends_sentence("Dr.")
    (True, False)
    """
    return bool(_STOP.search(word)) and not _ABBREVIATION.match(word)


def transcribe(
    footage: Footage,
    model: str | Path | None = None,
    spans: Sequence[Span] | None = None,
    language: str | None = None,
) -> Speech:
    """Transcribe the speech in `footage`.

    Runs on this computer alone, half a minute of sound at a time, with the same result on every
    run.

    Args:
        model: as in `find_model`.
        spans: the seconds to transcribe; default: all.
        language: a code such as "en"; by default a multilingual model detects it.

    Raises:
        ToolError: the model is missing or does not know the language.
    """
    whisper = load_model(model, language)
    if not whisper.model.is_multilingual:
        language = "en"
    words: list[SpokenText] = []
    for start, sound in _read_spans(footage, spans):
        for chunk in speech_chunks(sound, start):
            chunk_words, language = _transcribe_chunk(whisper, chunk, language)
            words += chunk_words
    return Speech.of(sort_words(drop_loops(words)), language or "")


def _read_spans(
    footage: Footage, spans: Sequence[Span] | None
) -> Iterator[tuple[float, Iterable[Samples]]]:
    """Yield the start and the sound of each of `spans`, overlapping ones joined."""
    if spans is None:
        yield 0.0, read_sound(footage)
        return
    for start, end in merge(spans, (0.0, math.inf)):
        first, last = round(start * RATE), round(end * RATE)
        yield first / RATE, _read_samples(read_sound(footage), first, last)


def _read_samples(sound: Iterable[Samples], first: int, last: int) -> Iterator[Samples]:
    """Yield the samples with numbers from `first` to before `last`; stop reading there."""
    number = 0
    for piece in sound:
        part = piece[max(0, first - number) : max(0, last - number)]
        number += len(piece)
        if len(part):
            yield part
        if number >= last:
            return


def _transcribe_chunk(
    whisper: WhisperModel, chunk: SpeechChunk, language: str | None
) -> tuple[list[SpokenText], str | None]:
    """The words of one chunk, and the language; None as long as it is not sure."""
    segments, info = whisper.transcribe(
        chunk.sound,
        language=language,
        beam_size=5,
        temperature=0.0,
        word_timestamps=True,
        condition_on_previous_text=False,
        # Whisper's own guess at silence is replaced by the spans of voice, and by `is_speech`.
        no_speech_threshold=None,
    )
    words = [
        word
        for segment in segments
        if is_speech(segment.avg_logprob, segment.compression_ratio, segment.no_speech_prob)
        for word in _join_tokens(segment, chunk.start, info.language not in UNSPACED)
    ]
    is_sure = info.language_probability >= MIN_LANGUAGE_PROBABILITY
    return snap_to_voice(words, chunk.voice), language or (info.language if is_sure else None)


def is_speech(logprob: float, compression: float, no_speech: float) -> bool:
    """Whether a segment with these figures was spoken, and not made up over noise."""
    if logprob < MIN_LOGPROB or compression > MAX_COMPRESSION:
        return False
    return no_speech <= MAX_NO_SPEECH or logprob >= MIN_DOUBTED_LOGPROB


def _join_tokens(segment: Segment, start: float, spaced: bool) -> Iterator[SpokenText]:
    """Yield the words of a segment as a reader counts them, without "[music]" or a lone dash."""
    joined: list[SpokenText] = []
    for token in segment.words or ():
        text = "".join(token.word.split())
        word = SpokenText(
            text, start + float(token.start), start + float(token.end), token.probability
        )
        if joined and spaced and not token.word.startswith(" "):
            # The rest of a word with a hyphen or an apostrophe.
            last = joined[-1]
            probability = min(last.probability, word.probability)
            joined[-1] = SpokenText(last.text + text, last.start, word.end, probability)
        else:
            joined.append(word)
    in_brackets = False
    for word in joined:
        in_brackets = in_brackets or word.text.startswith(("[", "("))
        if not in_brackets and any(character.isalnum() for character in word.text):
            yield word
        in_brackets = in_brackets and not word.text.rstrip(".,!?").endswith(("]", ")"))


def snap_to_voice(words: Sequence[SpokenText], voice: Sequence[Span]) -> list[SpokenText]:
    """Move each of `words` into the span of `voice` that it shares most time with; drop words
    without a voice near them.

    Whisper leaves no gap between words, so the first word after a pause begins too early or too
    late. It is moved to the beginning of its span.
    """
    snapped: list[SpokenText] = []
    last_span = -1
    for word in words:
        shared = [shared_seconds((word.start, word.end), span) for span in voice]
        best = int(np.argmax(shared)) if shared else -1
        if best < 0 or shared[best] < -MAX_VOICE_DISTANCE:
            continue
        low, high = voice[best]
        is_first = best > last_span and word.start < low + FIRST_WORD_SECONDS
        moved = min(max(word.start - WORD_DELAY, low), high - MIN_WORD_SECONDS)
        start = low if is_first else moved
        end = max(min(word.end, high), start + MIN_WORD_SECONDS)
        snapped.append(SpokenText(word.text, start, end, word.probability))
        last_span = best
    return snapped


def drop_loops(words: Sequence[SpokenText]) -> list[SpokenText]:
    """Drop phrases repeated MIN_LOOP_TURNS times or more in a row, and single words repeated twice
    as often: the model made them up."""
    texts = [re.sub(r"\W", "", word.text).casefold() for word in words]
    kept: list[SpokenText] = []
    index = 0
    while index < len(words):
        length = _loop_length(texts, index)
        if not length:
            kept.append(words[index])
        index += length or 1
    return kept


def _loop_length(texts: Sequence[str], index: int) -> int:
    """Number of words from `index` on that repeat one phrase; 0 without a loop."""
    for size in range(1, MAX_LOOP_WORDS + 1):
        phrase = texts[index : index + size]
        end, turns = index + size, 1
        while texts[end : end + size] == phrase and len(phrase) == size:
            end, turns = end + size, turns + 1
        if turns >= (MIN_LOOP_TURNS if size > 1 else 2 * MIN_LOOP_TURNS):
            return turns * size
    return 0


def sort_words(words: Sequence[SpokenText]) -> list[SpokenText]:
    """Sort `words` by time, without overlaps and in milliseconds. Each lasts MIN_WORD_SECONDS or
    more, except in a crowd of words."""
    ordered = sorted(words, key=lambda word: word.start)
    starts: list[float] = []
    for word in ordered:
        min_start = starts[-1] + MIN_WORD_SECONDS if starts else 0.0
        starts.append(round(max(word.start, min_start), 3))
    result = []
    for word, start, following in itertools.zip_longest(ordered, starts, starts[1:]):
        end = max(word.end, start + MIN_WORD_SECONDS)
        end = min(end, following) if following is not None else end
        result.append(SpokenText(word.text, start, round(end, 3), round(word.probability, 3)))
    return result
