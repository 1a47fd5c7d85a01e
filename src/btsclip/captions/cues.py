"""Texts with their times, wherever they come from: a captions file, notes or speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from btsclip.intervals import shared_seconds
from btsclip.plan.model import Caption, Word
from btsclip.plan.speed import TimeMap

# A text belongs to a clip that shows this many seconds of its time, or half of it.
LEAST_SHARED = 0.8


@dataclass(frozen=True)
class Cue:
    """A text and when it is shown, in seconds of the footage; `words` where their times are
    known."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()


def cues_between(cues: Sequence[Cue], start: float, end: float) -> tuple[Cue, ...]:
    """The cues that are shown between `start` and `end`, counted from there.

    Of a cue whose words are timed, only those words stay that are said in that time.
    """
    found = []
    for cue in cues:
        shared = shared_seconds((cue.start, cue.end), (start, end))
        if cue.words:
            cue = _said(cue, start, end)
        elif shared < min(LEAST_SHARED, (cue.end - cue.start) / 2):
            continue
        if cue.text:
            found.append(_shifted(cue, start, end - start))
    return tuple(found)


def cue_on_screen(cue: Cue, time_map: TimeMap) -> Cue:
    """`cue`, counted from its clip's start in the footage, at its times on the screen."""
    words = tuple(
        word.model_copy(
            update={"start": time_map.shown(word.start), "end": time_map.shown(word.end)}
        )
        for word in cue.words
    )
    return Cue(cue.text, time_map.shown(cue.start), time_map.shown(cue.end), words)


def captions_of(
    cues: Sequence[Cue], role: Literal["hook", "moment", "speech", "clock"]
) -> tuple[Caption, ...]:
    """The cues as captions to be drawn in the style of `role`."""
    return tuple(
        Caption(
            text=cue.text,
            start=round(cue.start, 3),
            end=round(cue.end, 3),
            role=role,
            words=[_inside(word, cue) for word in cue.words],
        )
        for cue in cues
    )


def _inside(word: Word, cue: Cue) -> Word:
    """`word` no earlier and no later than its cue is shown."""
    start, end = (round(min(max(time, cue.start), cue.end), 3) for time in (word.start, word.end))
    return word.model_copy(update={"start": start, "end": end})


def _said(cue: Cue, start: float, end: float) -> Cue:
    """`cue` with the words whose middle lies between `start` and `end`."""
    words = tuple(word for word in cue.words if start <= (word.start + word.end) / 2 < end)
    if len(words) == len(cue.words):
        return cue
    if not words:
        return replace(cue, text="", words=())
    return Cue(" ".join(word.text.strip() for word in words), words[0].start, words[-1].end, words)


def _shifted(cue: Cue, origin: float, duration: float) -> Cue:
    """`cue` counted from `origin` and cut to `duration`."""

    def moved(time: float) -> float:
        return round(min(max(time - origin, 0.0), duration), 3)

    words = tuple(
        word.model_copy(update={"start": moved(word.start), "end": moved(word.end)})
        for word in cue.words
    )
    return Cue(cue.text, moved(cue.start), moved(cue.end), words)


def shift_caption(caption: Caption, by: float) -> Caption:
    """`caption` and its words `by` seconds later, or earlier, but not before the clip begins."""

    def moved(time: float) -> float:
        return round(max(0.0, time + by), 3)

    words = [
        word.model_copy(update={"start": moved(word.start), "end": moved(word.end)})
        for word in caption.words
    ]
    times = {"start": moved(caption.start), "end": moved(caption.end), "words": words}
    return caption.model_copy(update=times)
