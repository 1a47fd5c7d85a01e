"""Reading time: each text is shown long enough, and a text that is too long is split or cut.

Subtitlers allow adult readers at most twenty characters a second; most recommend fewer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.captions.cues import Cue
from btsclip.captions.lines import breakable, clusters, flow_lines

CHARACTERS_PER_SECOND = 20.0
# The seconds that any text is shown, and those of a phrase with timed words: the voice reads it.
MIN_SECONDS = 0.8
MIN_SPOKEN_SECONDS = 0.5
# Characters and rows that are shown at once.
MAX_CHARACTERS = 60
PART_ROWS = 2
ELLIPSIS = "…"
# The cost of a split after the end of a sentence, of a clause, or after any other word.
SENTENCE_COST = 0.0
CLAUSE_COST = 0.15
WORD_COST = 0.45
# Seconds that rounding may take.
ROUNDING_SECONDS = 1e-6


@dataclass(frozen=True)
class TimedCues:
    """Readable cues, one at a time, and warnings that name the words left out."""

    cues: tuple[Cue, ...]
    warnings: tuple[str, ...]


def reading_seconds(text: str, min_seconds: float = MIN_SECONDS) -> float:
    """Seconds that it takes to read `text`, at least `min_seconds`.

    >>> reading_seconds("Twenty characters...")
    1.0
    """
    return max(min_seconds, len(text) / CHARACTERS_PER_SECOND)


def fit_reading_time(
    cues: Sequence[Cue], earliest: float, latest: float, max_characters: int = MAX_CHARACTERS
) -> TimedCues:
    """`cues` between `earliest` and `latest` seconds, one at a time and each shown long enough.

    A cue that is too brief is lengthened into the free time after it, then before it. Cues that
    follow each other too closely are joined. A text that still can't be read in its time is cut,
    with a warning. Texts of more than `max_characters` are shown in parts, one after the other.
    """
    placed = _separate(cues, earliest, latest)
    lengthened = _lengthen(placed, earliest, latest, max_characters)
    # Cues now start far enough apart. Only the last may have too little time before the end.
    while len(lengthened) > 1 and _is_too_brief(lengthened[-1]):
        placed = [*placed[:-2], _join(placed[-2], placed[-1])]
        lengthened = _lengthen(placed, earliest, latest, max_characters)
    parts: list[Cue] = []
    warnings = []
    for cue in lengthened:
        kept, dropped = _shorten(cue, max_characters)
        if dropped:
            seconds = cue.end - cue.start
            warnings.append(f"{cue.text!r} can't be read in {seconds:.1f} s; left out: {dropped!r}")
        parts += _split_cue(kept, max_characters)
    return TimedCues(tuple(parts), tuple(warnings))


def _is_too_brief(cue: Cue) -> bool:
    return cue.end - cue.start < _min_seconds(cue) - ROUNDING_SECONDS


def _min_seconds(cue: Cue) -> float:
    return MIN_SPOKEN_SECONDS if cue.words else MIN_SECONDS


def split_text(text: str, max_characters: int = MAX_CHARACTERS) -> list[str]:
    """`text` in parts of at most `max_characters`, split where readers pause; a longer word is one
    part.

    >>> split_text("We fold it, slowly, and it rests", 20)
    ['We fold it, slowly,', 'and it rests']
    """
    words = breakable(text)
    return ["".join(words[a:b]).strip() for a, b in _split_spans(words, max_characters)]


def _split_spans(words: Sequence[str], max_characters: int) -> list[tuple[int, int]]:
    """The parts as spans of `words`.

    A part has as many lines of a dialogue as fit two rows. A longer line is split into the fewest
    parts, of even length and with good borders.
    """
    spans: list[tuple[int, int]] = []
    rows = PART_ROWS
    for start, end in _line_spans(words):
        length = len("".join(words[start:end]).rstrip())
        needed = -(-length * PART_ROWS // max_characters)
        if rows + needed <= PART_ROWS:
            spans[-1] = (spans[-1][0], end)
            rows += needed
        else:
            parts = _split_line(words[start:end], max_characters)
            spans += [(start + a, start + b) for a, b in parts]
            rows = needed
    return spans


def _line_spans(words: Sequence[str]) -> list[tuple[int, int]]:
    """The lines as spans of `words`; only a dialogue has more than one."""
    breaks = [i for i, word in enumerate(words, 1) if "\n" in word and i < len(words)]
    return list(itertools.pairwise([0, *breaks, len(words)]))


def _split_line(words: Sequence[str], max_characters: int) -> list[tuple[int, int]]:
    """The parts of one line, as spans of its `words`."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    if ends[-1] <= max_characters:
        return [(0, len(words))]
    target = ends[-1] / -(-ends[-1] // max_characters)
    # best[j]: the lowest cost of the first j words, and the start of their last part.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for j in range(1, len(words) + 1):
        choices = []
        for i in range(j - 1, -1, -1):
            length = ends[j] - ends[i] - _trailing_blanks(words[j - 1])
            if length > max_characters and i < j - 1:
                break
            cost = best[i][0] + 1 + ((length - target) / max_characters) ** 2
            choices.append((cost + (_border_cost(words[j - 1]) if j < len(words) else 0.0), i))
        best.append(min(choices))
    spans, end = [], len(words)
    while end:
        spans.append((best[end][1], end))
        end = best[end][1]
    return spans[::-1]


def _trailing_blanks(word: str) -> int:
    return len(word) - len(word.rstrip())


def _border_cost(word: str) -> float:
    """The cost of a split after `word`."""
    end = word.rstrip().rstrip("\"'”’»)")[-1:]
    if end in ".!?…。！？":
        return SENTENCE_COST
    return CLAUSE_COST if end in ",;:–—،、" else WORD_COST


def _need(text: str, max_characters: int, min_seconds: float) -> float:
    """The reading time of all parts of `text` in seconds."""
    return sum(reading_seconds(part, min_seconds) for part in split_text(text, max_characters))


def _separate(cues: Sequence[Cue], earliest: float, latest: float) -> list[Cue]:
    """The cues in order and inside the time, each ending before the next one starts; joined where
    two start too close to each other."""
    placed: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        start, end = (min(max(time, earliest), latest) for time in (cue.start, cue.end))
        cue = replace(cue, start=start, end=end)
        if placed and start - placed[-1].start < _min_seconds(placed[-1]):
            placed[-1] = _join(placed[-1], cue)
            continue
        if placed:
            placed[-1] = replace(placed[-1], end=min(placed[-1].end, start))
        placed.append(cue)
    return placed


def _join(first: Cue, second: Cue) -> Cue:
    words = (*first.words, *second.words) if first.words and second.words else ()
    text = flow_lines(f"{first.text}\n{second.text}")
    return Cue(text, first.start, max(first.end, second.end), words)


def _lengthen(
    cues: Sequence[Cue], earliest: float, latest: float, max_characters: int
) -> list[Cue]:
    """The cues, lengthened into the free time around them up to their reading time."""
    lengthened: list[Cue] = []
    for cue, following in itertools.zip_longest(cues, cues[1:]):
        need = _need(cue.text, max_characters, _min_seconds(cue))
        free_until = following.start if following else latest
        end = max(cue.end, min(free_until, cue.start + need))
        free_from = lengthened[-1].end if lengthened else earliest
        start = min(cue.start, max(free_from, end - need))
        lengthened.append(replace(cue, start=start, end=end))
    return lengthened


def _shorten(cue: Cue, max_characters: int) -> tuple[Cue, str]:
    """`cue` with as many words as can be read in its time, and the words left out."""
    seconds, min_seconds = cue.end - cue.start + ROUNDING_SECONDS, _min_seconds(cue)
    if _need(cue.text, max_characters, min_seconds) <= seconds:
        return cue, ""
    words = breakable(cue.text)
    is_timed = len(cue.words) == len(words)
    for count in range(len(words) - 1, 0, -1):
        text = _with_ellipsis("".join(words[:count]))
        # The cheap check comes first: parts only take longer than the complete text.
        is_short = len(text) / CHARACTERS_PER_SECOND <= seconds
        if is_short and _need(text, max_characters, min_seconds) <= seconds:
            kept_words = cue.words[:count] if is_timed else ()
            return replace(cue, text=text, words=kept_words), "".join(words[count:]).strip()
    letters = clusters(words[0].strip())
    room = max(1, int(seconds * CHARACTERS_PER_SECOND) - len(ELLIPSIS))
    while len(letters) > 1 and len("".join(letters)) > room:
        letters.pop()
    kept = "".join(letters)
    return replace(cue, text=kept + ELLIPSIS, words=()), cue.text[len(kept) :].strip()


def _with_ellipsis(text: str) -> str:
    return re.sub(r"[\s,;:–—،、…-]+$", "", text) + ELLIPSIS


def _split_cue(cue: Cue, max_characters: int) -> list[Cue]:
    """`cue` in parts that share its time: by the times of its words, or else by their lengths.

    Each part is shown for its reading time.
    """
    words = breakable(cue.text)
    spans = _split_spans(words, max_characters)
    if len(spans) == 1:
        return [cue]
    is_timed = len(cue.words) == len(words)
    texts = ["".join(words[a:b]).strip() for a, b in spans]
    needs = [reading_seconds(text, _min_seconds(cue)) for text in texts]
    spare = (cue.end - cue.start - sum(needs)) / sum(map(len, texts))
    parts, start = [], cue.start
    for i, ((a, b), text) in enumerate(zip(spans, texts, strict=True)):
        end = start + needs[i] + spare * len(text)
        if is_timed and i + 1 < len(spans):
            latest = cue.end - sum(needs[i + 1 :])
            end = min(max(cue.words[b].start, start + needs[i]), latest)
        end = end if i + 1 < len(spans) else cue.end
        parts.append(Cue(text, start, end, cue.words[a:b] if is_timed else ()))
        start = end
    return parts
