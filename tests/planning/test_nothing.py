"""The error when there is nothing to cut names an option only if it would help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from noted import footage

from btsclip.moments.select import Refusal
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.planning.selection import nothing_found_error
from btsclip.planning.text_sources import read_sources
from btsclip.presets.load import load_preset

TAKE = footage(Path("/takes/a.mp4"))
IDLE = Refusal(TAKE, 0.0, 300.0, "no work: no hands seen")


def error_text(*refused: Refusal, speed: float = 1.0, **request: object) -> str:
    preset = load_preset("honest-kitchen")
    pacing = preset.pacing.model_copy(update={"speed": speed})
    context = PlanContext(
        preset.model_copy(update={"pacing": pacing}), "test",
        ClipRequest(**request), read_sources([TAKE], preset),  # type: ignore[arg-type]
    )  # fmt: skip
    return str(nothing_found_error([TAKE], refused, context))


def short(seconds: float) -> Refusal:
    return Refusal(TAKE, 20.0, 20.0 + seconds, "too short", "--min-length")


def test_no_length_is_suggested_without_work() -> None:
    text = error_text(IDLE)
    assert "(0.0-300.0 s: no work: no hands seen)" in text and "--min-length" not in text
    assert text.endswith("`btsclip analyze` shows what was seen in a take")


@pytest.mark.parametrize(
    ("speed", "says"),
    [
        (1.0, "the longest moment lasts 2.4 s (at 20.0 s of a.mp4), a clip 4 s or more"),
        (2.0, "--min-length 1.2 shows it"),
        (1.0, "--min-length 2.4 shows it"),
    ],
)
def test_longest_moment_that_is_too_short_is_named(speed: float, says: str) -> None:
    assert says in error_text(IDLE, short(1.2), short(2.45), speed=speed)


def test_length_below_the_limit_is_not_suggested() -> None:
    assert "--min-length" not in error_text(IDLE, short(0.4))


def test_other_moments_are_suggested_only_if_they_exist() -> None:
    unwanted = Refusal(TAKE, 20.0, 30.0, "no mishap", "--mishaps")
    assert "--mishaps keep" in error_text(IDLE, unwanted, mishaps="only")
    text = error_text(IDLE, mishaps="only")
    assert "no mishap that can be shown" in text and "--mishaps keep" not in text


def test_damage_is_named_where_nothing_is_found() -> None:
    preset = load_preset("honest-kitchen")
    context = PlanContext(preset, "test", ClipRequest(), read_sources([TAKE], preset))
    damaged = replace(TAKE, lost=((12.0, 14.5),))
    text = str(nothing_found_error([damaged], [IDLE], context))
    assert "no hands seen), and a.mp4 has no readable pictures from 0:12.0 to 0:14.5; " in text
