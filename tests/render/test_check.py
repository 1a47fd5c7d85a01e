"""Clips that can't be rendered are named before rendering starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from media import Media
from result import PRESET, plan_of

from btsclip.errors import CaptionError, PlanError
from btsclip.media.probing import probe
from btsclip.plan.model import CutPlan, Span
from btsclip.plan.texts import Caption, Card, EndCard
from btsclip.render import render
from btsclip.render.camera import path_expression
from btsclip.render.check import MAX_ARGUMENT, check_clip, check_plan

CUNEIFORM = "\U00012000"


def turning(count: int, end: float) -> list[tuple[float, float, float, float, float]]:
    """A crop that jumps back and forth at every key."""
    return [(end * i / count, 0.3 + 0.4 * (i % 2), 0.5, 0.3, 1.0) for i in range(count)]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"captions": [Caption(text=CUNEIFORM, start=0, end=1)]}, CaptionError, "no font has"),
        ({"captions": [Caption(text="bread", start=0, end=1, role="sticker")]}, CaptionError,
         "is not an emoji"),
        ({"captions": [Caption(text="late", start=50, end=51)]}, CaptionError, "its clip ends at"),
        ({"captions": [Caption(text="word " * 90, start=0, end=1)]}, CaptionError, "too long"),
        ({"captions": [Caption(text="Hi", start=0, end=1)], "title": CUNEIFORM}, CaptionError,
         "no font has"),
        ({"card": Card(text=CUNEIFORM, seconds=1)}, CaptionError, "no font has"),
        ({"end_card": EndCard(text=CUNEIFORM, seconds=1)}, CaptionError, "no font has"),
        ({"crop": turning(5000, 1.0)}, PlanError, "too much for one run of ffmpeg"),
        ({"crop": [(0, 0.005, 0.01, 0.01, 0.02), (1, 0.995, 0.99, 0.01, 0.02)]}, PlanError,
         "make the crop larger"),
        ({"end": 9.0}, PlanError, "ends at 9.00 s, but plain.mp4"),
    ],
)  # fmt: skip
def test_one_bad_clip_stops_the_render_before_it_starts(
    changes: dict[str, Any], error: type[Exception], message: str, media: Media, tmp_path: Path
) -> None:
    path = media("plain.mp4")
    (good,) = plan_of(path, end=1.0).clips
    (bad,) = plan_of(path, **{"id": "clip-2", "end": 1.0} | changes).clips
    plan = plan_of(path).model_copy(update={"clips": [good, bad]})
    with pytest.raises(error, match=message):
        render(plan, PRESET, tmp_path)
    assert not list(tmp_path.iterdir())


def test_disabled_clips_are_not_checked(media: Media) -> None:
    plan = plan_of(media("plain.mp4"), enabled=False, card=Card(text=CUNEIFORM, seconds=1))
    assert check_plan(plan, PRESET) == {}


def test_too_many_speed_steps_are_refused(media: Media) -> None:
    path = media("plain.mp4")
    speeds = [(i / 25, 1.0 + i % 2) for i in range(500)]
    (clip,) = plan_of(path, end=20.0, speeds=speeds).clips
    with pytest.raises(PlanError, match="its speed changes in"):
        check_clip(clip, PRESET, {str(path): probe(path)})


def test_cards_of_later_spans_are_checked(media: Media) -> None:
    path = media("plain.mp4")
    then = Span(source=str(path), start=0, end=1, layout="fit-blur", card=Card(text=CUNEIFORM))
    with pytest.raises(CaptionError, match="no font has"):
        check_plan(plan_of(path, others=[then]), PRESET)


def test_path_that_turns_at_every_key_keeps_its_keys() -> None:
    keys = turning(5000, 10.0)
    expression = path_expression([key[0] for key in keys], [100 * key[1] for key in keys])
    assert expression.count("if(") >= 4999 and len(expression) > MAX_ARGUMENT


def test_path_of_many_turns_is_rendered(media: Media, tmp_path: Path) -> None:
    plan: CutPlan = plan_of(media("plain.mp4"), end=0.5, crop=turning(1500, 0.5))
    assert render(plan, PRESET, tmp_path)
