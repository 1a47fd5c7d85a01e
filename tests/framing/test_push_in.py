"""The slow push-in: smooth, around the work, and never at the cost of hands or pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import MAX_ENLARGEMENT, Canvas, Framing, frame_subject
from btsclip.framing.push_in import push_in
from btsclip.framing.screen import crop_at
from btsclip.framing.subject import Region, Subject
from btsclip.signals.work_map import cells_inside

HD, UHD, VERTICAL = (1920, 1080), (3840, 2160), (1080, 1920)
COUNT, STEP = 50, 0.2
SPAN = CropSpan(0.0, COUNT * STEP)


def subject(width: float = 0.1, x: float = 0.5, height: float = 0.2) -> Subject:
    box = (x, 0.5, width, height)
    hands = Region(np.tile(box, (COUNT, 1)), np.ones(COUNT))
    none = Region(np.tile([0.5, 0.5, 0.2, 0.2], (COUNT, 1)), np.zeros(COUNT))
    cells = cells_inside(box)
    work_map = np.tile(cells / cells.sum(), (COUNT, 1, 1))
    return Subject(np.arange(COUNT) * STEP, hands, none, none, none, "hands", work_map, hands)


def pushed(made: Subject, share: float = 0.06, picture: tuple[int, int] = UHD) -> Framing:
    canvas = Canvas(picture, VERTICAL)
    return push_in(frame_subject(made, SPAN, canvas), made, SPAN, canvas, share)


def test_still_crop_over_long_work_shrinks_evenly() -> None:
    keys = np.array(pushed(subject(0.28)).keys)
    assert keys[0, 0] == 0 and keys[-1, 0] == pytest.approx(SPAN.end)
    assert keys[-1, 4] / keys[0, 4] == pytest.approx(0.94, abs=1e-4)
    speed = np.diff(keys[:, 4])
    assert (speed <= 0).all()
    # It starts and stops gently, and changes its speed little from key to key.
    assert max(-speed[0], -speed[-1]) < 0.2 * -speed.min()
    assert np.abs(np.diff(speed)).max() < 0.2 * -speed.min()


@settings(max_examples=25, deadline=None)
@given(st.floats(0.02, 0.31), st.floats(0.1, 0.9), st.floats(0.1, 0.99), st.floats(0.01, 0.15))
def test_hands_and_picture_are_never_left(x: float, w: float, h: float, share: float) -> None:
    made = subject(min(w, 0.31), 0.2 + x, h)
    canvas = Canvas(UHD, VERTICAL)
    still = frame_subject(made, SPAN, canvas)
    framing = push_in(still, made, SPAN, canvas, share)
    for time in np.linspace(0, SPAN.end, 21):
        (cx, cy, width, height), before = crop_at(framing.keys, time), crop_at(still.keys, time)
        assert cx - width / 2 >= before[0] - before[2] / 2 - 1e-5
        assert cx + width / 2 <= before[0] + before[2] / 2 + 1e-5
        assert cy - height / 2 >= -1e-5 and cy + height / 2 <= 1 + 1e-5
        assert width * UHD[0] >= VERTICAL[0] / MAX_ENLARGEMENT - 1
    assert framing.inside >= still.inside - 0.02


def test_picture_without_pixels_to_spare_stays_still() -> None:
    made = subject(0.28)
    framing = frame_subject(made, SPAN, Canvas(HD, VERTICAL))
    assert pushed(made, picture=HD) == framing


def test_hands_as_tall_as_the_crop_keep_it_still() -> None:
    made = subject(0.28, height=1.0)
    assert len({key[3:] for key in pushed(made).keys}) == 1


@pytest.mark.parametrize("change", ["none", "short", "shots", "not work"])
def test_only_one_long_shot_of_work_is_pushed(change: str) -> None:
    made, canvas = subject(0.28), Canvas(UHD, VERTICAL)
    spans = {"short": CropSpan(0.0, 4.0), "shots": CropSpan(0.0, SPAN.end, (5.0,))}
    span = spans.get(change, SPAN)
    if change == "not work":
        made = replace(made, work_map=None)
    still = frame_subject(made, span, canvas)
    assert (push_in(still, made, span, canvas, 0.06) == still) == (change != "none")
