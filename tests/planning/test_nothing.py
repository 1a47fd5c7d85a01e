"""What is said when there is nothing to cut: an option is named only where it would help."""

from __future__ import annotations

from pathlib import Path

import pytest
from noted import footage

from btsclip.moments.select import Refusal
from btsclip.planning.captions import read_sources
from btsclip.planning.nothing import nothing_found_error
from btsclip.planning.request import ClipRequest, PlanContext
from btsclip.presets.load import load_preset

TAKE = footage(Path("/takes/a.mp4"))
IDLE = Refusal(TAKE, 0.0, 300.0, "no work: no hands seen")


def said(*refused: Refusal, speed: float = 1.0, **wishes: object) -> str:
    preset = load_preset("honest-kitchen")
    pacing = preset.pacing.model_copy(update={"speed": speed})
    brief = PlanContext(
        preset.model_copy(update={"pacing": pacing}), "test",
        ClipRequest(**wishes), read_sources([TAKE], preset),  # type: ignore[arg-type]
    )  # fmt: skip
    return str(nothing_found_error([TAKE], refused, brief))


def short(seconds: float) -> Refusal:
    return Refusal(TAKE, 20.0, 20.0 + seconds, "too short", "--min-length")


def test_where_no_work_was_seen_no_length_is_named() -> None:
    text = said(IDLE)
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
def test_the_longest_moment_that_is_only_too_short_is_named(speed: float, says: str) -> None:
    assert says in said(IDLE, short(1.2), short(2.45), speed=speed)


def test_what_is_shorter_than_any_clip_may_be_is_not_offered() -> None:
    assert "--min-length" not in said(IDLE, short(0.4))


def test_other_moments_are_offered_only_where_there_are_some() -> None:
    unwanted = Refusal(TAKE, 20.0, 30.0, "no mishap", "--mishaps")
    assert "--mishaps keep" in said(IDLE, unwanted, mishaps="only")
    text = said(IDLE, mishaps="only")
    assert "no mishap that can be shown" in text and "--mishaps keep" not in text
