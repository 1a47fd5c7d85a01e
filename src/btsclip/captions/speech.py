"""Speech to cues: pieces of a sentence that fit the screen, shown while they are said."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from btsclip.captions.cues import Cue
from btsclip.plan.model import Word
from btsclip.signals.speech import Speech, SpokenText, ends_sentence

# Characters of a cue: two lines of an upright picture.
CHARACTERS = 42
# Seconds of silence at which a cue ends, and after which even a number and its unit are parted.
PAUSE, LONG_PAUSE = 0.35, 1.0
# Characters a second that are read with ease (the usual limit for subtitles), the least seconds of
# a cue, and how long it may stay after its last word.
PER_SECOND, LEAST, LINGER = 17.0, 0.8, 1.2
# A gap up to this many seconds before the next cue would only flicker.
FLICKER = 0.2
# What it costs to end a cue after a clause, anywhere, after a word that leans on the next, and
# between words that belong together; a cue half empty costs a quarter, each cue EACH.
CLAUSE, ANYWHERE, LEANS, BOUND, EACH = 0.0, 0.35, 1.0, 2.0, 0.3
# English words that open what follows; other languages do without.
LEANING = frozenset((
    "a", "an", "the", "and", "but", "or", "so", "because", "if", "when", "then", "that", "of", "to",
    "in", "into", "on", "at", "for", "from", "with", "by", "as", "than", "my", "your", "his", "her",
    "our", "their", "its", "this", "these", "no", "not", "is", "are", "very",
))  # fmt: skip


def speech_cues(
    speech: Speech, *, characters: int = CHARACTERS, most_words: int | None = None
) -> tuple[Cue, ...]:
    """`speech` as cues in order, times in seconds of the footage as there.

    None has more than `characters`, but for a single longer word, nor more than `most_words`.
    They end with sentences and pauses, else rather after a clause than within it, and between a
    number and its unit or two names only when nothing else is left. Each is shown from its first
    word on, and a little longer than its last when there is time to read it. Each holds its words,
    as many as its text has.
    """
    words = speech.words
    cues = [cue for run in _runs(words) for cue in _split(run, characters, most_words)]
    following = [cue[0].start for cue in cues[1:]]
    return tuple(
        _cue(cue, after) for cue, after in itertools.zip_longest(cues, following) if cue is not None
    )


def _runs(words: Sequence[SpokenText]) -> Iterator[Sequence[SpokenText]]:
    """`words` parted at the ends of sentences and at pauses."""
    first = 0
    for i, (word, following) in enumerate(itertools.pairwise(words), 1):
        pause = following.start - word.end
        limit = LONG_PAUSE if belong_together(word.text, following.text) else PAUSE
        if ends_sentence(word.text) or pause > limit:
            yield words[first:i]
            first = i
    if len(words) > first:
        yield words[first:]


def _split(
    words: Sequence[SpokenText], characters: int, most_words: int | None
) -> list[Sequence[SpokenText]]:
    """`words` in the cheapest pieces (see CLAUSE) that are small enough."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        choices = []
        size = -1
        for start in range(end - 1, -1, -1):
            size += len(words[start].text) + 1
            small = size <= characters and end - start <= (most_words or end)
            if not small and start < end - 1:
                break
            empty = max(0.0, 1 - size / characters)
            choices.append((best[start][0] + EACH + empty**2 + _price(words, end), start))
        best.append(min(choices))
    pieces: list[Sequence[SpokenText]] = []
    end = len(words)
    while end:
        start = best[end][1]
        pieces.append(words[start:end])
        end = start
    return pieces[::-1]


def _price(words: Sequence[SpokenText], end: int) -> float:
    """What it costs to end a cue before word `end`."""
    if end == len(words) or words[end - 1].text.endswith((",", ";", ":", "–", "—", "،")):
        return CLAUSE
    if belong_together(words[end - 1].text, words[end].text):
        return BOUND
    return LEANS if words[end - 1].text.casefold() in LEANING else ANYWHERE


def belong_together(word: str, following: str) -> bool:
    """Whether a break here makes a reader stumble: in a number and what it counts, or two names."""
    if not word[-1:].isalnum() and not word.endswith("."):
        return False
    if any(character.isdigit() for character in word):
        return True
    names = word[:1].isupper() and following[:1].isupper()
    return names and "I" not in (word, following) and not ends_sentence(word)


def _cue(words: Sequence[SpokenText], following: float | None) -> Cue:
    """`words` as a cue that is gone when the next begins, at `following`."""
    text = " ".join(word.text for word in words)
    start, end = words[0].start, words[-1].end
    readable = max(end, min(start + max(LEAST, len(text) / PER_SECOND), end + LINGER))
    if following is not None and readable > following - FLICKER:
        readable = max(start, following)
    return Cue(
        text,
        start,
        round(readable, 3),
        tuple(Word(text=word.text, start=word.start, end=word.end) for word in words),
    )
