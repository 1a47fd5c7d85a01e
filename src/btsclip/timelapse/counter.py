"""The time that runs over a time-lapse, from nothing to all that passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from btsclip.captions.clock import duration_in_words
from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import BusyArea, place_captions
from btsclip.captions.text import fill_template
from btsclip.plan.model import Caption
from btsclip.presets.schema import Preset

# It changes no more often than this, in seconds: what changes faster only flickers.
TICK = 0.25
# From this many seconds on it counts in minutes.
MINUTES = 60.0


@dataclass(frozen=True)
class CounterStage:
    """A span of the clip as the counter sees it: seconds on the screen, and the time that has
    passed, in seconds, at its ends."""

    seconds: float
    began: float
    ended: float

    def passed(self, shown: float) -> float:
        """Time passed at `shown` seconds on the screen from its start."""
        return self.began + (self.ended - self.began) * shown / self.seconds


def counter_captions(
    stages: Sequence[CounterStage], preset: Preset, facts: Mapping[str, str] | None = None
) -> list[Caption]:
    """The counter over `stages`, one caption for each of its states; none where the preset wants
    none. Over the last stage it says the whole time."""
    total = stages[-1].ended
    unit: Literal["s", "min"] = "s" if total < MINUTES else "min"
    states: list[tuple[float, str]] = []
    begin = 0.0
    for number, stage in enumerate(stages):
        last = number + 1 == len(stages)
        ticks = 1 if last else max(1, round(stage.seconds / TICK))
        for tick in range(ticks):
            at = tick * stage.seconds / ticks
            text = _text(total if last else stage.passed(at), unit, preset, facts)
            if not states or states[-1][1] != text:
                states.append((begin + at, text))
        begin += stage.seconds
    ends = [*(at for at, _ in states[1:]), begin]
    return [
        Caption(text=text, start=round(at, 3), end=round(end, 3), role="clock")
        for (at, text), end in zip(states, ends, strict=True)
        if text
    ]


def place_counter(
    counter: Sequence[Caption], others: Sequence[Caption], preset: Preset, busy: Sequence[BusyArea]
) -> list[Caption]:
    """`counter` in one place for all of its time, clear of `others` and of what is `busy`."""
    if not counter:
        return []
    widest = max(counter, key=lambda caption: len(caption.text))
    whole = widest.model_copy(update={"start": counter[0].start, "end": counter[-1].end})
    block = layout_captions(place_captions([*others, whole], preset, busy), preset)[-1]
    middle = round((block.y + block.height / 2) / preset.output.height, 4)
    return [caption.model_copy(update={"y": middle}) for caption in counter]


def _text(
    seconds: float, unit: Literal["s", "min"], preset: Preset, facts: Mapping[str, str] | None
) -> str:
    fields = {**(facts or {}), "elapsed": duration_in_words(seconds, unit)}
    return " ".join(fill_template(preset.captions.clock, fields, hands_seen=False).split())
