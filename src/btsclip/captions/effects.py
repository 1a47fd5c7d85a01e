"""How a caption comes: when each of its words has its turn, and the ASS commands that show it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from btsclip.captions.layout import Block
from btsclip.captions.wrap import clusters

# Where no one says when a word is spoken, the words share this part of the caption's time by their
# lengths; the rest is for reading the whole.
TURNS = 0.8
# Characters a second that a typewriter writes at least: it must not keep a reader waiting.
TYPED = 15.0
# A slide rises this many ems in this many seconds.
RISE, RISE_SECONDS = 0.6, 0.25
# How much larger the word becomes whose turn it is, in percent, and the seconds that takes.
LIFT, LIFT_SECONDS = 108, 0.08

# A text escaped for ASS, with its fonts named wherever they change.
Escape = Callable[[str], str]


@dataclass(frozen=True)
class WordTiming:
    """A word (with the blank after it) and its turn, in seconds from the caption's start."""

    text: str
    start: float
    end: float


def word_timings(block: Block) -> list[list[WordTiming]]:
    """The words of each line with their turns: as spoken, where the caption knows that of each of
    its words, else by their lengths."""
    lines = [_words(line) for line in block.lines]
    caption = block.caption
    flat = [word for line in lines for word in line]
    if len(caption.words) == len(flat):
        times = [(word.start - caption.start, word.end - caption.start) for word in caption.words]
    else:
        seconds = TURNS * (caption.end - caption.start)
        if block.style.effect == "typewriter":
            seconds = min(seconds, sum(map(len, flat)) / TYPED)
        times = _shared(flat, seconds)
    at = iter(times)
    return [[WordTiming(word, *next(at)) for word in line] for line in lines]


def _words(line: str) -> list[str]:
    """The words of a line, each but the last with its blank."""
    words = line.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:]


def _shared(words: Sequence[str], seconds: float) -> list[tuple[float, float]]:
    """`seconds` shared out among `words` in order, by their lengths."""
    total = sum(len(word.strip()) for word in words) or 1
    times, done = [], 0
    for word in words:
        start, done = done, done + len(word.strip())
        times.append((start / total * seconds, done / total * seconds))
    return times


def runs_left_to_right(text: str) -> bool:
    """Whether nothing in `text` runs from right to left."""
    return not any(unicodedata.bidirectional(c) in ("R", "AL", "RLE", "RLO", "RLI") for c in text)


def karaoke(turns: Sequence[WordTiming], escape: Escape) -> str:
    """A line whose words are filled with the primary colour one after the other: swept from the
    left, or each at once in lines that run from right to left."""
    sweep = "kf" if runs_left_to_right("".join(turn.text for turn in turns)) else "k"
    said = [f"{{\\k{_hundredths(turns[0].start)}}}"]
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        wait = (following.start if following else turn.end) - turn.start
        said.append(f"{{\\{sweep}{_hundredths(wait)}}}{escape(turn.text)}")
    return "".join(said)


def typewriter(turns: Sequence[WordTiming], escape: Escape) -> str:
    """A line whose characters come one after the other, each in its final place; whole words in
    scripts whose letters join."""
    written = []
    for piece, seconds in typed(turns):
        at = round(seconds * 1000)
        written.append(f"{{\\alpha&HFF&\\t({at},{at + 1},\\alpha&H00&)}}{escape(piece)}")
    return "".join(written)


def typed(turns: Sequence[WordTiming]) -> list[tuple[str, float]]:
    """What a typewriter writes at once, with its time in seconds from the caption's start."""
    written = []
    for turn in turns:
        pieces = clusters(turn.text) if runs_left_to_right(turn.text) else [turn.text]
        step = (turn.end - turn.start) / max(1, len(pieces))
        written += [(piece, turn.start + step * i) for i, piece in enumerate(pieces)]
    return written


def highlight_word(turn: WordTiming, colour: str, accent: str, grows: bool) -> str:
    """The commands that show a word in `accent`, and larger if it `grows`, while it has its turn;
    both colours as &HBBGGRR&."""
    up, down = round(turn.start * 1000), round(turn.end * 1000)
    step = round(LIFT_SECONDS * 1000)
    larger = f"\\fscx{LIFT}\\fscy{LIFT}" if grows else ""
    normal = "\\fscx100\\fscy100" if grows else ""
    return (
        f"\\t({up},{up + step},\\1c{accent}{larger})"
        f"\\t({max(down, up + step)},{max(down, up + step) + step},\\1c{colour}{normal})"
    )


def place_tag(x: float, y: float, block: Block) -> str:
    """Where the text stands, or from where it slides to there."""
    if block.style.effect != "slide":
        return f"\\pos({x:.1f},{y:.1f})"
    rise, seconds = slide(block)
    return f"\\move({x:.1f},{y + rise:.1f},{x:.1f},{y:.1f},0,{round(seconds * 1000)})"


def slide(block: Block) -> tuple[float, float]:
    """Pixels that a sliding block rises, and the seconds it takes."""
    return RISE * block.size, min(RISE_SECONDS, (block.caption.end - block.caption.start) / 3)


def _hundredths(seconds: float) -> int:
    return max(0, round(seconds * 100))
