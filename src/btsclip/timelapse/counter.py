"""The counter on a time-lapse: the time passed, from 0 to the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from btsclip.captions import (
    BusyArea,
    Fact,
    Facts,
    duration_in_words,
    fill_template,
    layout_captions,
    place_captions,
)
from btsclip.plan import Caption
from btsclip.planning import CLOCK
from btsclip.presets import Preset

# Seconds between two changes of the counter: faster changes only flicker.
MIN_TICK_SECONDS = 0.25
# From a total of this many seconds on it counts in minutes.
MIN_SECONDS_FOR_MINUTES = 60.0


@dataclass(frozen=True)
class CounterStage:
    """The counter over a span of the clip.

    `seconds` are on the screen; `began` and `ended` are the seconds passed at its ends.
    """

    seconds: float
    began: float
    ended: float

    def passed(self, shown: float) -> float:
        """The seconds passed at `shown` seconds on the screen from the start of the stage."""
        return self.began + (self.ended - self.began) * shown / self.seconds


def counter_captions(
    stages: Sequence[CounterStage], preset: Preset, facts: Facts | None = None
) -> list[Caption]:
    """The counter over `stages`, one caption for each of its texts.

    Over the last stage it shows the total. Empty if the preset has no counter or lacks a fact for
    its text.
    """
    total = stages[-1].ended
    unit: Literal["s", "min"] = "s" if total < MIN_SECONDS_FOR_MINUTES else "min"
    states: list[tuple[float, str]] = []
    begin = 0.0
    for number, stage in enumerate(stages):
        is_last = number + 1 == len(stages)
        ticks = 1 if is_last else max(1, round(stage.seconds / MIN_TICK_SECONDS))
        for tick in range(ticks):
            at = tick * stage.seconds / ticks
            text = _write(total if is_last else stage.passed(at), unit, preset, facts)
            if not states or states[-1][1] != text:
                states.append((begin + at, text))
        begin += stage.seconds
    ends = [*(at for at, _ in states[1:]), begin]
    return [
        Caption(text=text, start=round(at, 3), end=round(end, 3), role="clock", evidence=CLOCK)
        for (at, text), end in zip(states, ends, strict=True)
        if text
    ]


def place_counter(
    counter: Sequence[Caption], others: Sequence[Caption], preset: Preset, busy: Sequence[BusyArea]
) -> list[Caption]:
    """`counter` at one height for all its time, clear of `others` and of `busy` areas."""
    if not counter:
        return []
    widest = max(counter, key=lambda caption: len(caption.text))
    longest = widest.model_copy(update={"start": counter[0].start, "end": counter[-1].end})
    block = layout_captions(place_captions([*others, longest], preset, busy), preset)[-1]
    middle = round((block.y + block.height / 2) / preset.output.height, 4)
    return [caption.model_copy(update={"y": middle}) for caption in counter]


def _write(seconds: float, unit: Literal["s", "min"], preset: Preset, facts: Facts | None) -> str:
    """The preset's text for `seconds` passed; empty if it names an unknown fact."""
    fields = {**(facts or {}), "elapsed": Fact(duration_in_words(seconds, unit), CLOCK)}
    look = preset.captions
    return fill_template(look.clock, fields, hands_seen=False, avoid=look.avoid).text
