"""Time to read: each text is shown long enough, and what is too long is split or shortened.

Twenty characters a second is what subtitlers allow adult readers at most; most recommend less.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.captions.cues import Cue
from btsclip.captions.lines import flow_lines
from btsclip.captions.wrap import breakable, clusters

# Characters a second, and the least time for any text in seconds.
SPEED = 20.0
SHORTEST = 0.8
# Characters of two rows, the most that is shown at once.
MOST, PART_ROWS = 60, 2
ELLIPSIS = "…"
# What it costs to split after the end of a sentence, of a clause, or just after a word.
AFTER_SENTENCE, AFTER_CLAUSE, AFTER_WORD = 0.0, 0.15, 0.45
# Seconds and characters that rounding may take.
SLACK = 1e-6


@dataclass(frozen=True)
class TimedCues:
    """Cues that can be read, none over another, and what had to be left out for that."""

    cues: tuple[Cue, ...]
    warnings: tuple[str, ...]


def reading_seconds(text: str) -> float:
    """Seconds for which `text` must be shown to be read."""
    return max(SHORTEST, len(text) / SPEED)


def fit_reading_time(
    cues: Sequence[Cue], earliest: float, latest: float, most: int = MOST
) -> TimedCues:
    """`cues` between `earliest` and `latest` seconds, each shown long enough and one at a time.

    Too brief ones are lengthened into the free time after them, then before them; those that
    follow each other too soon are joined. What still can't be read in its time is shortened, with
    a warning. Texts of more than `most` characters are shown in parts, one after the other.
    """
    placed = _apart(cues, earliest, latest)
    long = _lengthened(placed, earliest, latest, most)
    # Texts start SHORTEST apart by now; only the last may have too little before the end.
    while len(long) > 1 and long[-1].end - long[-1].start < SHORTEST - SLACK:
        placed = [*placed[:-2], _joined(placed[-2], placed[-1])]
        long = _lengthened(placed, earliest, latest, most)
    parts: list[Cue] = []
    warnings = []
    for cue in long:
        kept, dropped = _shortened(cue, most)
        if dropped:
            seconds = cue.end - cue.start
            warnings.append(f"{cue.text!r} can't be read in {seconds:.1f} s; left out: {dropped!r}")
        parts += _split(kept, most)
    return TimedCues(tuple(parts), tuple(warnings))


def split_text(text: str, most: int = MOST) -> list[str]:
    """`text` in parts of at most `most` characters, where readers pause; a longer word is whole."""
    words = breakable(text)
    return ["".join(words[a:b]).strip() for a, b in _spans(words, most)]


def _spans(words: Sequence[str], most: int) -> list[tuple[int, int]]:
    """The parts as spans of `words`: as many lines of a dialogue in each as two rows hold, and of a
    longer line the fewest that will do, of even length, at good borders."""
    spans: list[tuple[int, int]] = []
    rows = PART_ROWS
    for start, end in _lines(words):
        length = len("".join(words[start:end]).rstrip())
        needed = -(-length * PART_ROWS // most)
        if rows + needed <= PART_ROWS:
            spans[-1] = (spans[-1][0], end)
            rows += needed
        else:
            spans += [(start + a, start + b) for a, b in _parts(words[start:end], most)]
            rows = needed
    return spans


def _lines(words: Sequence[str]) -> list[tuple[int, int]]:
    """The lines as spans of `words`; but in a dialogue there is only one."""
    breaks = [i for i, word in enumerate(words, 1) if "\n" in word and i < len(words)]
    return list(itertools.pairwise([0, *breaks, len(words)]))


def _parts(words: Sequence[str], most: int) -> list[tuple[int, int]]:
    """One line in parts, as spans of its `words`."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    if ends[-1] <= most:
        return [(0, len(words))]
    aim = ends[-1] / -(-ends[-1] // most)
    # best[j]: the least cost of the first j words, and where their last part starts.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for j in range(1, len(words) + 1):
        choices = []
        for i in range(j - 1, -1, -1):
            long = ends[j] - ends[i] - _blank(words[j - 1])
            if long > most and i < j - 1:
                break
            cost = best[i][0] + 1 + ((long - aim) / most) ** 2
            choices.append((cost + (_border(words[j - 1]) if j < len(words) else 0.0), i))
        best.append(min(choices))
    spans, end = [], len(words)
    while end:
        spans.append((best[end][1], end))
        end = best[end][1]
    return spans[::-1]


def _blank(word: str) -> int:
    return len(word) - len(word.rstrip())


def _border(word: str) -> float:
    """What it costs to split after `word`."""
    end = word.rstrip().rstrip("\"'”’»)")[-1:]
    if end in ".!?…。！？":
        return AFTER_SENTENCE
    return AFTER_CLAUSE if end in ",;:–—،、" else AFTER_WORD


def _need(text: str, most: int) -> float:
    """Seconds that all parts of `text` take together."""
    return sum(reading_seconds(piece) for piece in split_text(text, most))


def _apart(cues: Sequence[Cue], earliest: float, latest: float) -> list[Cue]:
    """The cues in order, inside the time, each ending before the next one; joined where two start
    within SHORTEST of each other."""
    placed: list[Cue] = []
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        start, end = (min(max(time, earliest), latest) for time in (cue.start, cue.end))
        cue = replace(cue, start=start, end=end)
        if placed and start - placed[-1].start < SHORTEST:
            placed[-1] = _joined(placed[-1], cue)
            continue
        if placed:
            placed[-1] = replace(placed[-1], end=min(placed[-1].end, start))
        placed.append(cue)
    return placed


def _joined(a: Cue, b: Cue) -> Cue:
    words = (*a.words, *b.words) if a.words and b.words else ()
    return Cue(flow_lines(f"{a.text}\n{b.text}"), a.start, max(a.end, b.end), words)


def _lengthened(cues: Sequence[Cue], earliest: float, latest: float, most: int) -> list[Cue]:
    """The cues with as much of the free time about them as reading them takes."""
    long: list[Cue] = []
    for cue, following in itertools.zip_longest(cues, cues[1:]):
        need = _need(cue.text, most)
        until = following.start if following else latest
        end = max(cue.end, min(until, cue.start + need))
        since = long[-1].end if long else earliest
        long.append(replace(cue, start=min(cue.start, max(since, end - need)), end=end))
    return long


def _shortened(cue: Cue, most: int) -> tuple[Cue, str]:
    """`cue` with as many of its words as can be read in its time, and the other words."""
    seconds = cue.end - cue.start + SLACK
    if _need(cue.text, most) <= seconds:
        return cue, ""
    words = breakable(cue.text)
    timed = len(cue.words) == len(words)
    for count in range(len(words) - 1, 0, -1):
        text = _with_ellipsis("".join(words[:count]))
        # Cheap first: parts only take longer than the whole.
        if len(text) / SPEED <= seconds and _need(text, most) <= seconds:
            spoken = cue.words[:count] if timed else ()
            return replace(cue, text=text, words=spoken), "".join(words[count:]).strip()
    letters = clusters(words[0].strip())
    room = max(1, int(seconds * SPEED) - len(ELLIPSIS))
    while len(letters) > 1 and len("".join(letters)) > room:
        letters.pop()
    kept = "".join(letters)
    return replace(cue, text=kept + ELLIPSIS, words=()), cue.text[len(kept) :].strip()


def _with_ellipsis(text: str) -> str:
    return re.sub(r"[\s,;:–—،、…-]+$", "", text) + ELLIPSIS


def _split(cue: Cue, most: int) -> list[Cue]:
    """`cue` in parts that share its time: as its words are said where that is known, else by their
    lengths; each is shown long enough."""
    words = breakable(cue.text)
    spans = _spans(words, most)
    if len(spans) == 1:
        return [cue]
    timed = len(cue.words) == len(words)
    texts = ["".join(words[a:b]).strip() for a, b in spans]
    needs = [reading_seconds(text) for text in texts]
    spare = (cue.end - cue.start - sum(needs)) / sum(map(len, texts))
    parts, start = [], cue.start
    for i, ((a, b), text) in enumerate(zip(spans, texts, strict=True)):
        end = start + needs[i] + spare * len(text)
        if timed and i + 1 < len(spans):
            last = cue.end - sum(needs[i + 1 :])
            end = min(max(cue.words[b].start, start + needs[i]), last)
        end = end if i + 1 < len(spans) else cue.end
        parts.append(Cue(text, start, end, cue.words[a:b] if timed else ()))
        start = end
    return parts
