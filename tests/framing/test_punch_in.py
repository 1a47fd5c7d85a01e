"""The punch-in: wide and close crops in turn, only with pixels and hands for both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import Canvas, Framing, frame_subject
from btsclip.framing.punch_in import CLOSE_SHARE, MAX_SECONDS, MIN_SECONDS, punch_in
from btsclip.framing.subject import Region, Subject
from btsclip.signals.work_map import cells_inside

UPRIGHT_4K, WIDE_4K, VERTICAL = (2160, 3840), (3840, 2160), (1080, 1920)
STEP = 0.2


def subject(seconds: float, width: float = 0.3) -> Subject:
    count = round(seconds / STEP)
    box = (0.5, 0.5, width, 0.2)
    hands = Region(np.tile(box, (count, 1)), np.ones(count))
    none = Region(np.tile([0.5, 0.5, 0.2, 0.2], (count, 1)), np.zeros(count))
    cells = cells_inside(box)
    work_map = np.tile(cells / cells.sum(), (count, 1, 1))
    return Subject(np.arange(count) * STEP, hands, none, none, none, "hands", work_map, hands)


def punched(
    made: Subject, speed: np.ndarray | None = None, picture: tuple[int, int] = UPRIGHT_4K
) -> tuple[Framing, Framing]:
    """The still framing, and that with close crops."""
    canvas, span = Canvas(picture, VERTICAL, 1.0), CropSpan(0.0, len(made.times) * STEP)
    still = frame_subject(made, span, canvas)
    speeds = np.ones(len(made.times)) if speed is None else speed
    return still, punch_in(still, made, speeds, span, canvas)


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 40), st.integers(0, 1000))
def test_crops_take_turns_long_enough(seconds: int, seed: int) -> None:
    made = subject(seconds)
    speed = np.random.default_rng(seed).random(len(made.times))
    still, framing = punched(made, speed)
    keys = framing.keys
    assert keys[0][0] == 0 and keys[-1][0] == pytest.approx(seconds)
    parts = list(zip(keys[::2], keys[1::2], strict=True))
    for number, (first, last) in enumerate(parts):
        assert first[1:] == last[1:]
        assert last[0] - first[0] >= MIN_SECONDS - 1e-6
        if number < len(parts) - 1:
            assert last[0] - first[0] <= MAX_SECONDS + 1e-6
        share = 1.0 if number % 2 == 0 else CLOSE_SHARE
        assert first[3] == pytest.approx(still.keys[0][3] * share, abs=1e-4)
        assert first[3] * UPRIGHT_4K[0] >= VERTICAL[0] - 1


def test_crops_change_where_hands_rest() -> None:
    made = subject(8.0)
    speed = np.ones(len(made.times))
    speed[19] = 0.0
    assert punched(made, speed)[1].keys[1][0] == pytest.approx(19 * STEP)


@pytest.mark.parametrize("case", ["wide 4K", "short", "large hands"])
def test_still_crop_stays_where_a_close_one_makes_no_sense(case: str) -> None:
    made = subject(4.0 if case == "short" else 12.0, 0.8 if case == "large hands" else 0.15)
    still, framing = punched(made, picture=WIDE_4K if case == "wide 4K" else UPRIGHT_4K)
    assert framing == still
