"""The effects of captions: the time at which each word is highlighted, and the ASS commands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from btsclip.captions.layout import Block
from btsclip.captions.lines import clusters

# Words without times of their own share this part of the caption's time by their lengths. The rest
# is for reading the whole text.
WORDS_SHARE = 0.8
# Characters that a typewriter writes in a second, or more: it must not keep readers waiting.
MIN_TYPED_PER_SECOND = 15.0
# A slide rises by this many ems.
RISE = 0.6
MAX_RISE_SECONDS = 0.25
# The size of the word that pops, in percent, and the seconds in which it grows.
POP_PERCENT = 108
POP_SECONDS = 0.08

# A function that escapes a text for ASS and names its fonts wherever they change.
Escape = Callable[[str], str]


@dataclass(frozen=True)
class WordTiming:
    """A word with the blank after it, and the time at which it is highlighted, in seconds from the
    caption's start."""

    text: str
    start: float
    end: float


def word_timings(block: Block) -> list[list[WordTiming]]:
    """The words of each line with their times: as spoken if the caption has a time for each word,
    or else by their lengths."""
    lines = [_split_words(line) for line in block.lines]
    caption = block.caption
    words = [word for line in lines for word in line]
    if has_word_times(block):
        times = [(word.start - caption.start, word.end - caption.start) for word in caption.words]
    else:
        seconds = WORDS_SHARE * (caption.end - caption.start)
        if block.style.effect == "typewriter":
            seconds = min(seconds, sum(map(len, words)) / MIN_TYPED_PER_SECOND)
        times = _share_time(words, seconds)
    next_time = iter(times)
    return [[WordTiming(word, *next(next_time)) for word in line] for line in lines]


def has_word_times(block: Block) -> bool:
    """Whether the caption has a time for each word that is drawn."""
    return len(block.caption.words) == sum(len(_split_words(line)) for line in block.lines)


def highlights(block: Block) -> bool:
    """Whether the spoken words are set off: the effect `highlight` needs their true times."""
    return block.style.effect == "highlight" and has_word_times(block)


def held_words(block: Block) -> list[list[WordTiming]]:
    """As `word_timings`, with no time in which no word is set off: each word stays until the next
    one, and the last until the caption ends. Events of ASS count hundredths, so the times do, too:
    a word and its box change in one frame."""
    caption, lines = block.caption, word_timings(block)
    first = _hundredths(caption.start)
    words = [word for line in lines for word in line]
    starts = [_hundredths(caption.start + word.start) - first for word in words]
    ends = [*starts[1:], _hundredths(caption.end) - first]
    spans = iter(zip(starts, ends, strict=True))

    def hold(word: WordTiming) -> WordTiming:
        start, end = next(spans)
        return replace(word, start=start / 100, end=max(start, end) / 100)

    return [[hold(word) for word in line] for line in lines]


def _hundredths(seconds: float) -> int:
    """`seconds` in hundredths as pysubs2 rounds them."""
    return (round(seconds * 1000) + 5) // 10


def _split_words(line: str) -> list[str]:
    """The words of a line, all but the last with the blank after them."""
    words = line.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:]


def _share_time(words: Sequence[str], seconds: float) -> list[tuple[float, float]]:
    """The start and end of each word when `words` share `seconds` by their lengths, in order."""
    total = sum(len(word.strip()) for word in words) or 1
    times, end = [], 0
    for word in words:
        start, end = end, end + len(word.strip())
        times.append((start / total * seconds, end / total * seconds))
    return times


def runs_left_to_right(text: str) -> bool:
    """Whether `text` has no characters that run from right to left."""
    return not any(unicodedata.bidirectional(c) in ("R", "AL", "RLE", "RLO", "RLI") for c in text)


def karaoke(timings: Sequence[WordTiming], escape: Escape) -> str:
    """A line whose words are filled with the primary color in turn.

    The fill moves through each word from the left, or takes the word at once in a line that runs
    from right to left.
    """
    fill = "kf" if runs_left_to_right("".join(word.text for word in timings)) else "k"
    parts = [f"{{\\k{_centiseconds(timings[0].start)}}}"]
    for word, following in zip(timings, [*timings[1:], None], strict=True):
        wait = (following.start if following else word.end) - word.start
        parts.append(f"{{\\{fill}{_centiseconds(wait)}}}{escape(word.text)}")
    return "".join(parts)


def typewriter(timings: Sequence[WordTiming], escape: Escape) -> str:
    """A line whose characters appear in turn, each in its final place; whole words in scripts
    whose letters join."""
    parts = []
    for piece, seconds in type_times(timings):
        ms = round(seconds * 1000)
        parts.append(f"{{\\alpha&HFF&\\t({ms},{ms + 1},\\alpha&H00&)}}{escape(piece)}")
    return "".join(parts)


def type_times(timings: Sequence[WordTiming]) -> list[tuple[str, float]]:
    """The pieces that a typewriter writes at once, with their seconds from the caption's start."""
    times = []
    for word in timings:
        pieces = clusters(word.text) if runs_left_to_right(word.text) else [word.text]
        step = (word.end - word.start) / max(1, len(pieces))
        times += [(piece, word.start + step * i) for i, piece in enumerate(pieces)]
    return times


def highlight_word(timing: WordTiming, color: str, accent: str, grows: bool) -> str:
    """Commands that show a word in `accent`, and larger if it `grows`, during its time; both colors
    as &HBBGGRR&."""
    start, end = round(timing.start * 1000), round(timing.end * 1000)
    step = round(POP_SECONDS * 1000)
    larger = f"\\fscx{POP_PERCENT}\\fscy{POP_PERCENT}" if grows else ""
    normal = "\\fscx100\\fscy100" if grows else ""
    return (
        f"\\t({start},{start + step},\\1c{accent}{larger})"
        f"\\t({max(end, start + step)},{max(end, start + step) + step},\\1c{color}{normal})"
    )


def set_off_word(timing: WordTiming, colors: tuple[str, str], edges: tuple[int, int]) -> str:
    """Commands that show a word in another color at once, and back at the end of its time.

    Args:
        colors: the usual one, and that of the word, as &HBBGGRR&.
        edges: how clear the usual outline is, and that of the word, from 0 to 255 (not seen).
    """
    start, end = round(timing.start * 1000), round(timing.end * 1000)
    if end <= start:
        return ""

    def look(index: int) -> str:
        return f"\\1c{colors[index]}\\3a&H{edges[index]:02X}&"

    if start <= 0:
        return f"{look(1)}\\t({end - 1},{end},{look(0)})"
    return f"{look(0)}\\t({start - 1},{start},{look(1)})\\t({end - 1},{end},{look(0)})"


def place_tag(x: float, y: float, block: Block) -> str:
    """The command that puts a text at (x, y), or slides it there."""
    if block.style.effect != "slide":
        return f"\\pos({x:.1f},{y:.1f})"
    rise, seconds = slide(block)
    return f"\\move({x:.1f},{y + rise:.1f},{x:.1f},{y:.1f},0,{round(seconds * 1000)})"


def slide(block: Block) -> tuple[float, float]:
    """Pixels that a sliding block rises, and the seconds it takes."""
    seconds = (block.caption.end - block.caption.start) / 3
    return RISE * block.size, min(MAX_RISE_SECONDS, seconds)


def _centiseconds(seconds: float) -> int:
    return max(0, round(seconds * 100))
