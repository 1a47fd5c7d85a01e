from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from btsclip.captions import Fact
from btsclip.captions.layout import layout_caption
from btsclip.captions.placement import BusyArea
from btsclip.captions.safezones import safe_box
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.timelapse.counter import (
    MIN_TICK_SECONDS,
    CounterStage,
    counter_captions,
    place_counter,
)

PRESET = Preset()


def minutes(text: str) -> int:
    numbers = dict(zip(*[iter(reversed(text.split()))] * 2, strict=True))
    return 60 * int(numbers.get("h", 0)) + int(numbers.get("min", 0))


@given(st.integers(60, 200_000), st.floats(4, 60))
def test_counter_runs_from_0_to_the_total_and_can_be_read(total: int, seconds: float) -> None:
    stages = [
        CounterStage(1, 0, 1),
        CounterStage(seconds, 1, total - 2),
        CounterStage(2, total - 2, total),
    ]
    states = counter_captions(stages, PRESET)
    assert states[0].start == 0 and minutes(states[0].text) == 0
    assert minutes(states[-1].text) == total // 60
    assert states[-1].end == pytest.approx(seconds + 3, abs=0.002)
    assert states[-1].end - states[-1].start >= 2 - 1e-3
    assert all(a.end == b.start for a, b in pairwise(states))
    shown = [minutes(state.text) for state in states]
    assert shown == sorted(set(shown))
    assert all(s.end - s.start >= 0.75 * MIN_TICK_SECONDS for s in states)


def test_every_text_is_right_to_the_minute() -> None:
    stages = [CounterStage(1, 0, 1), CounterStage(7, 1, 11_998), CounterStage(2, 11_998, 12_000)]
    for state in counter_captions(stages, PRESET)[:-1]:
        true = 0 if state.start < 1 else stages[1].passed(state.start - 1)
        assert minutes(state.text) == int(true // 60)


def test_counter_jumps_over_gaps_between_takes() -> None:
    stages = [
        CounterStage(1, 0, 1),
        CounterStage(2, 1, 30),
        CounterStage(2, 4200, 4230),
        CounterStage(2, 12_000, 12_030),
    ]
    assert [s.text for s in counter_captions(stages, PRESET)] == [
        "0 min",
        "1 h 10 min",
        "3 h 20 min",
    ]


def test_less_than_a_minute_counts_in_seconds() -> None:
    states = counter_captions(
        [CounterStage(1, 0, 1), CounterStage(4, 1, 38), CounterStage(2, 38, 40)], PRESET
    )
    assert states[0].text == "0 s" and states[-1].text == "40 s"


def test_preset_words_the_counter_or_leaves_it_out() -> None:
    stages = [CounterStage(2, 0, 7200)]
    look = PRESET.captions.model_copy(update={"clock": "{dish}: {elapsed}"})
    worded = PRESET.model_copy(update={"captions": look})
    facts = {"dish": Fact("Brioche", "notes: dish")}
    assert counter_captions(stages, worded, facts)[0].text == "Brioche: 2 h"
    assert counter_captions(stages, worded) == []
    assert counter_captions(stages, load_preset("asmr-no-text")) == []


def test_counter_stays_in_the_safe_zone_clear_of_hook_and_dish() -> None:
    states = counter_captions(
        [CounterStage(1, 0, 1), CounterStage(7, 1, 3598), CounterStage(2, 3598, 3600)], PRESET
    )
    hook = Caption(text="Bread takes its time", start=0, end=3, role="hook")
    dish = BusyArea(0, 10, (0.5, 0.55, 0.9, 0.4))
    placed = place_counter(states, [hook], PRESET, [dish])
    assert len({state.y for state in placed}) == 1
    left, top, right, bottom = safe_box(PRESET.output)
    hook_block = layout_caption(hook, PRESET)
    for state in placed:
        block = layout_caption(state, PRESET)
        assert top <= block.y and block.y + block.height <= bottom
        assert left <= block.x - block.width / 2 and block.x + block.width / 2 <= right
        assert block.y >= hook_block.y + hook_block.height
