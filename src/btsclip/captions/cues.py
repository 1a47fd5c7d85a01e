"""Cues: texts with their times, from a captions file, notes or speech."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from btsclip.intervals import shared_seconds
from btsclip.plan import Caption, TimeMap, Word
from btsclip.signals import Speech, SpokenText, ends_sentence

# A clip has a text if it shows this many seconds of its time, or half of it.
MIN_SHARED_SECONDS = 0.8
# Characters of a cue of speech: two lines of a vertical picture.
MAX_CUE_CHARACTERS = 42
# A cue ends at a silence longer than this; between words that belong together, at a long one.
MAX_PAUSE = 0.35
MAX_LONG_PAUSE = 1.0
# The reading speed of a cue of speech, and the seconds it is shown.
SPEECH_CHARACTERS_PER_SECOND = 17.0
MIN_CUE_SECONDS = 0.8
# A cue stays up to this many seconds after its last word.
MAX_LINGER = 1.2
# A gap of up to this many seconds before the next cue would only flicker: as long as the pause
# that ends a cue, so that a sentence in several cues stays on the screen.
FLICKER_SECONDS = 0.35
# The cost of ending a cue after a clause, anywhere, after a word that leads to the next, and
# between words that belong together. Half an empty cue costs a quarter, each cue CUE_COST.
CLAUSE_COST = 0.0
ANYWHERE_COST = 0.35
LEADING_COST = 1.0
TOGETHER_COST = 2.0
CUE_COST = 0.3
# English words that lead to the next word; other languages do without.
LEADING_WORDS = frozenset((
    "a", "an", "the", "and", "but", "or", "so", "because", "if", "when", "then", "that", "of", "to",
    "in", "into", "on", "at", "for", "from", "with", "by", "as", "than", "my", "your", "his", "her",
    "our", "their", "its", "this", "these", "no", "not", "is", "are", "very",
))  # fmt: skip


@dataclass(frozen=True)
class Cue:
    """A text and its times in seconds of the footage; `words` if their times are known."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()


def cues_between(cues: Sequence[Cue], start: float, end: float) -> tuple[Cue, ...]:
    """The cues between `start` and `end`, with times from `start`.

    A cue with timed words keeps only the words spoken in that time.
    """
    kept = []
    for cue in cues:
        shared = shared_seconds((cue.start, cue.end), (start, end))
        if cue.words:
            cue = _keep_words(cue, start, end)
        elif shared < min(MIN_SHARED_SECONDS, (cue.end - cue.start) / 2):
            continue
        if cue.text:
            kept.append(_shift_cue(cue, start, end - start))
    return tuple(kept)


def cue_on_screen(cue: Cue, time_map: TimeMap) -> Cue:
    """`cue`, with times from its clip's start in the footage, at its times on the screen."""
    words = tuple(
        word.model_copy(
            update={"start": time_map.shown(word.start), "end": time_map.shown(word.end)}
        )
        for word in cue.words
    )
    return Cue(cue.text, time_map.shown(cue.start), time_map.shown(cue.end), words)


def captions_of(
    cues: Sequence[Cue], role: Literal["hook", "moment", "speech", "clock"], evidence: str = ""
) -> tuple[Caption, ...]:
    """The cues as captions in the style of `role`, with the evidence for them."""
    return tuple(
        Caption(
            text=cue.text,
            start=round(cue.start, 3),
            end=round(cue.end, 3),
            role=role,
            words=[_clip_word(word, cue) for word in cue.words],
            evidence=evidence,
        )
        for cue in cues
    )


def _clip_word(word: Word, cue: Cue) -> Word:
    """`word` with its times limited to those of its cue."""
    start, end = (round(min(max(time, cue.start), cue.end), 3) for time in (word.start, word.end))
    return word.model_copy(update={"start": start, "end": end})


def _keep_words(cue: Cue, start: float, end: float) -> Cue:
    """`cue` with the words whose middle is between `start` and `end`."""
    words = tuple(word for word in cue.words if start <= (word.start + word.end) / 2 < end)
    if len(words) == len(cue.words):
        return cue
    if not words:
        return replace(cue, text="", words=())
    return Cue(" ".join(word.text.strip() for word in words), words[0].start, words[-1].end, words)


def _shift_cue(cue: Cue, origin: float, duration: float) -> Cue:
    """`cue` with times from `origin`, limited to `duration`."""

    def shift(time: float) -> float:
        return round(min(max(time - origin, 0.0), duration), 3)

    words = tuple(
        word.model_copy(update={"start": shift(word.start), "end": shift(word.end)})
        for word in cue.words
    )
    return Cue(cue.text, shift(cue.start), shift(cue.end), words)


def shift_caption(caption: Caption, seconds: float) -> Caption:
    """`caption` and its words later by `seconds`, which may be negative, but not before the clip
    begins."""

    def shift(time: float) -> float:
        return round(max(0.0, time + seconds), 3)

    words = [
        word.model_copy(update={"start": shift(word.start), "end": shift(word.end)})
        for word in caption.words
    ]
    times = {"start": shift(caption.start), "end": shift(caption.end), "words": words}
    return caption.model_copy(update=times)


def speech_cues(
    speech: Speech, *, characters: int = MAX_CUE_CHARACTERS, max_words: int | None = None
) -> tuple[Cue, ...]:
    """`speech` as cues in order, with the times of the footage.

    A cue has at most `characters`, unless it is a single longer word, and at most `max_words`.
    Cues end with sentences and at pauses, or else after a clause rather than within it. A number
    and its unit, or two names, are separated only as a last resort. A cue is shown from its first
    word on, and a little beyond its last if there is time to read it. It has as many words as its
    text.
    """
    runs = _split_runs(speech.words)
    cues = [words for run in runs for words in _split_run(run, characters, max_words)]
    next_starts = [words[0].start for words in cues[1:]]
    return tuple(
        _make_cue(words, next_start)
        for words, next_start in itertools.zip_longest(cues, next_starts)
        if words is not None
    )


def _split_runs(words: Sequence[SpokenText]) -> Iterator[Sequence[SpokenText]]:
    """`words` split at the ends of sentences and at pauses."""
    first = 0
    for i, (word, following) in enumerate(itertools.pairwise(words), 1):
        pause = following.start - word.end
        max_pause = MAX_LONG_PAUSE if belong_together(word.text, following.text) else MAX_PAUSE
        if ends_sentence(word.text) or pause > max_pause:
            yield words[first:i]
            first = i
    if len(words) > first:
        yield words[first:]


def _split_run(
    words: Sequence[SpokenText], characters: int, max_words: int | None
) -> list[Sequence[SpokenText]]:
    """`words` in pieces within the limits, at the lowest cost."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        choices = []
        size = -1
        for start in range(end - 1, -1, -1):
            size += len(words[start].text) + 1
            is_within = size <= characters and end - start <= (max_words or end)
            if not is_within and start < end - 1:
                break
            empty = max(0.0, 1 - size / characters)
            choices.append((best[start][0] + CUE_COST + empty**2 + _end_cost(words, end), start))
        best.append(min(choices))
    pieces: list[Sequence[SpokenText]] = []
    end = len(words)
    while end:
        start = best[end][1]
        pieces.append(words[start:end])
        end = start
    return pieces[::-1]


def _end_cost(words: Sequence[SpokenText], end: int) -> float:
    """The cost of ending a cue before word `end`."""
    if end == len(words) or words[end - 1].text.endswith((",", ";", ":", "–", "—", "،")):
        return CLAUSE_COST
    if belong_together(words[end - 1].text, words[end].text):
        return TOGETHER_COST
    return LEADING_COST if words[end - 1].text.casefold() in LEADING_WORDS else ANYWHERE_COST


def belong_together(word: str, following: str) -> bool:
    """Whether a break between two words makes a reader stumble, as between a number and its unit
    or between two names.

    >>> belong_together("20", "minutes")
    True
    >>> belong_together("dough", "rests")
    False
    """
    if not word[-1:].isalnum() and not word.endswith("."):
        return False
    if any(character.isdigit() for character in word):
        return True
    are_names = word[:1].isupper() and following[:1].isupper()
    return are_names and "I" not in (word, following) and not ends_sentence(word)


def _make_cue(words: Sequence[SpokenText], next_start: float | None) -> Cue:
    """`words` as a cue that ends before the next one starts."""
    text = " ".join(word.text for word in words)
    start, end = words[0].start, words[-1].end
    seconds = max(MIN_CUE_SECONDS, len(text) / SPEECH_CHARACTERS_PER_SECOND)
    readable = max(end, min(start + seconds, end + MAX_LINGER))
    if next_start is not None and readable > next_start - FLICKER_SECONDS:
        readable = max(start, min(next_start, end + MAX_LINGER))
    return Cue(
        text,
        start,
        round(readable, 3),
        tuple(Word(text=word.text, start=word.start, end=word.end) for word in words),
    )
