"""What is said in a take, and when: words with their times in the footage's presentation time."""

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
from btsclip.media.footage import Footage
from btsclip.media.sound import RATE, read_sound
from btsclip.signals.spoken_pieces import Samples, SpeechChunk, speech_chunks
from btsclip.signals.whisper import recognizer

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

# Whisper's own limits (Radford et al. 2022, section 4.5): text less likely than this, as the mean
# log probability of its tokens, or that packs better than this, is not what was said.
LEAST_LOGPROB, MOST_PACKED = -1.0, 2.4
# Where the model itself says "no speech" more than this, the text must be likelier.
NO_SPEECH, SURE_LOGPROB = 0.6, -0.5
# A phrase of up to LOOP words said this many times in a row is a model that turns in circles.
LOOP, TURNS = 8, 3
# Seconds of silence that end a sentence which no full stop ends.
PAUSE = 0.8
# Seconds that a word lasts at least, and by which it may lie beside all voices.
SHORTEST, BESIDE = 0.04, 0.2
# Seconds after the beginning of a voice within which its first word is taken to begin with it.
ONSET = 0.4
# Seconds by which Whisper puts the other words too late: the median over 238 words by three voices
# of Flite, whose times are known, was 0.10, and over 450 by three of eSpeak 0.12 (tiny.en).
LATE = 0.1
# Languages written without blanks, whose pieces are not joined to words.
UNSPACED = ("zh", "ja", "th", "lo", "my", "yue")
# How sure the model must be of the language to keep it for the rest of the take.
SURE_LANGUAGE = 0.8
_STOP = re.compile(r"[.!?…。！？؟]['\"’”»)\]]*$")
_ABBREVIATION = re.compile(r"^(mr|mrs|ms|dr|st|no|approx|e\.g|i\.e)\.$", re.IGNORECASE)


@dataclass(frozen=True)
class SpokenText:
    """A word or a sentence, its time in seconds of the footage and how sure the model is, 0..1."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Speech:
    """The words of a take in order, each array (n,): `texts` without blanks inside, `starts` and
    `ends` in seconds of the footage (they never overlap), `probabilities` 0..1, `numbers`, which
    sentence each belongs to."""

    texts: NDArray[np.str_]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    numbers: NDArray[np.int_]

    @staticmethod
    def of(words: Sequence[SpokenText]) -> Speech:
        """`words` in the order of time, with their sentences numbered."""
        ends_one = [
            ends_sentence(word.text) or following.start - word.end >= PAUSE
            for word, following in itertools.pairwise(words)
        ]
        return Speech(
            np.array([word.text for word in words], np.str_),
            np.array([word.start for word in words], np.float64),
            np.array([word.end for word in words], np.float64),
            np.array([word.probability for word in words], np.float64),
            np.cumsum([0, *ends_one], dtype=int)[: len(words)],
        )

    @property
    def words(self) -> tuple[SpokenText, ...]:
        """Each word."""
        columns = (self.texts, self.starts, self.ends, self.probabilities)
        return tuple(
            itertools.starmap(SpokenText, zip(*(c.tolist() for c in columns), strict=True))
        )

    @property
    def sentences(self) -> tuple[SpokenText, ...]:
        """Each sentence from its first to its last word, as sure as the mean of them."""
        words, numbers = self.words, self.numbers.tolist()
        grouped = itertools.groupby(range(len(words)), key=numbers.__getitem__)
        found = [[words[i] for i in group] for _, group in grouped]
        return tuple(
            SpokenText(
                " ".join(word.text for word in group),
                group[0].start,
                group[-1].end,
                sum(word.probability for word in group) / len(group),
            )
            for group in found
        )


def ends_sentence(word: str) -> bool:
    """Whether a full stop, or what does its work, ends `word`; that of "Dr." does not."""
    return bool(_STOP.search(word)) and not _ABBREVIATION.match(word)


def transcribe(
    footage: Footage,
    model: str | Path | None = None,
    spans: Sequence[Span] | None = None,
    language: str | None = None,
) -> Speech:
    """What is said in `spans` (seconds; None: all) of `footage`. `model` as in `find_model`;
    `language` is a code such as "en", None lets a model of many languages find out.

    Runs on this computer alone, half a minute of sound at a time, and says the same on every run.
    Raises ToolError when the model is missing or does not know the language.
    """
    whisper = recognizer(model, language)
    if not whisper.model.is_multilingual:
        language = "en"
    words: list[SpokenText] = []
    for start, sound in _sounds(footage, spans):
        for piece in speech_chunks(sound, start):
            heard, language = _heard(whisper, piece, language)
            words += heard
    return Speech.of(sort_words(drop_loops(words)))


def _sounds(
    footage: Footage, spans: Sequence[Span] | None
) -> Iterator[tuple[float, Iterable[Samples]]]:
    """For each of `spans`, overlapping ones joined, its beginning and its sound in pieces."""
    if spans is None:
        yield 0.0, read_sound(footage)
        return
    for start, end in merge(spans, (0.0, math.inf)):
        first, last = round(start * RATE), round(end * RATE)
        yield first / RATE, _between(read_sound(footage), first, last)


def _between(sound: Iterable[Samples], first: int, last: int) -> Iterator[Samples]:
    """The samples from `first` to before `last`; what comes after is not read."""
    at = 0
    for piece in sound:
        part = piece[max(0, first - at) : max(0, last - at)]
        at += len(piece)
        if len(part):
            yield part
        if at >= last:
            return


def _heard(
    whisper: WhisperModel, piece: SpeechChunk, language: str | None
) -> tuple[list[SpokenText], str | None]:
    """The words of one piece, and the language once it is sure."""
    segments, info = whisper.transcribe(
        piece.sound,
        language=language,
        beam_size=5,
        temperature=0.0,
        word_timestamps=True,
        condition_on_previous_text=False,
        # Its own guesses at silence are left to the voices that were found, and to `believed`.
        no_speech_threshold=None,
    )
    joined = [
        word
        for segment in segments
        if is_speech(segment.avg_logprob, segment.compression_ratio, segment.no_speech_prob)
        for word in _words(segment, piece.start, info.language not in UNSPACED)
    ]
    spoken = snap_to_voice(joined, piece.voice)
    sure = info.language_probability >= SURE_LANGUAGE
    return spoken, language or (info.language if sure else None)


def is_speech(logprob: float, packed: float, no_speech: float) -> bool:
    """Whether a segment of these figures was said, and not made up over noise."""
    if logprob < LEAST_LOGPROB or packed > MOST_PACKED:
        return False
    return no_speech <= NO_SPEECH or logprob >= SURE_LOGPROB


def _words(segment: Segment, start: float, spaced: bool) -> Iterator[SpokenText]:
    """The words of a segment as a reader counts them; what is no word, such as "[music]" or a
    lone dash, is left out."""
    joined: list[SpokenText] = []
    for word in segment.words or ():
        text = "".join(word.word.split())
        one = SpokenText(text, start + float(word.start), start + float(word.end), word.probability)
        if joined and spaced and not word.word.startswith(" "):
            # The rest of a word with a hyphen or an apostrophe.
            last = joined[-1]
            sure = min(last.probability, one.probability)
            joined[-1] = SpokenText(last.text + text, last.start, one.end, sure)
        else:
            joined.append(one)
    inside = False
    for one in joined:
        inside = inside or one.text.startswith(("[", "("))
        if not inside and any(character.isalnum() for character in one.text):
            yield one
        inside = inside and not one.text.rstrip(".,!?").endswith(("]", ")"))


def snap_to_voice(words: Sequence[SpokenText], voice: Sequence[Span]) -> list[SpokenText]:
    """`words`, each within the stretch of `voice` it lies in most; those near which nobody speaks
    are left out.

    Whisper leaves no gap between words: the one after a pause begins too early, or too late. It
    begins with its stretch.
    """
    snapped: list[SpokenText] = []
    begun = -1
    for word in words:
        shared = [shared_seconds((word.start, word.end), span) for span in voice]
        best = int(np.argmax(shared)) if shared else -1
        if best < 0 or shared[best] < -BESIDE:
            continue
        low, high = voice[best]
        first = best > begun and word.start < low + ONSET
        start = low if first else min(max(word.start - LATE, low), high - SHORTEST)
        end = max(min(word.end, high), start + SHORTEST)
        snapped.append(SpokenText(word.text, start, end, word.probability))
        begun = best
    return snapped


def drop_loops(words: Sequence[SpokenText]) -> list[SpokenText]:
    """`words` without phrases that are repeated TURNS times or more, which then were not said; one
    word may be said so often."""
    said = [re.sub(r"\W", "", word.text).casefold() for word in words]
    kept: list[SpokenText] = []
    at = 0
    while at < len(words):
        skip = _loop(said, at)
        if not skip:
            kept.append(words[at])
        at += skip or 1
    return kept


def _loop(said: Sequence[str], at: int) -> int:
    """How many words from `at` on are one phrase over and over; 0 if they are none."""
    for size in range(1, LOOP + 1):
        phrase = said[at : at + size]
        count = 1
        while said[at + count * size : at + (count + 1) * size] == phrase and len(phrase) == size:
            count += 1
        if count >= (TURNS if size > 1 else 2 * TURNS):
            return count * size
    return 0


def sort_words(words: Sequence[SpokenText]) -> list[SpokenText]:
    """`words` by time, each ending before the next begins and lasting SHORTEST seconds or, where
    they crowd, less; rounded to milliseconds."""
    ordered = sorted(words, key=lambda word: word.start)
    starts: list[float] = []
    for word in ordered:
        least = starts[-1] + SHORTEST if starts else 0.0
        starts.append(round(max(word.start, least), 3))
    found = []
    for word, start, following in itertools.zip_longest(ordered, starts, starts[1:]):
        end = max(word.end, start + SHORTEST)
        end = min(end, following) if following is not None else end
        found.append(SpokenText(word.text, start, round(end, 3), round(word.probability, 3)))
    return found
