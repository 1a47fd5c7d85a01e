"""Only the layouts that a preset allows are used, and nothing is closer than its zoom."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import LAYOUTS, TIGHTEST, Canvas, frame_subject
from btsclip.framing.subject import Region, Subject
from btsclip.presets.schema import FramingStyle

# So large that no crop is held back by its pixels.
LARGE, VERTICAL = (7680, 4320), (1080, 1920)
COUNT, STEP = 30, 0.2
SPAN = CropSpan(0.0, COUNT * STEP)
ALLOWED = [
    set(some)
    for size in (1, 2, 3)
    for some in itertools.combinations(LAYOUTS, size)
    if {"crop", "fit-blur"} & set(some)
]


def subject(width: float, face_x: float | None = None) -> Subject:
    def region(x: float, across: float, seen: bool = True) -> Region:
        return Region(np.tile([x, 0.5, across, 0.15], (COUNT, 1)), np.full(COUNT, float(seen)))

    face = region(0.5 if face_x is None else face_x, 0.06, face_x is not None)
    none = region(0.5, 0.2, False)
    times = np.arange(COUNT) * STEP
    return Subject(times, region(0.3, width), none, face, none, "hands")


@given(st.floats(0.05, 0.9), st.none() | st.floats(0.1, 0.9), st.sampled_from(ALLOWED))
def test_no_other_layout_is_used(width: float, face: float | None, allowed: set[str]) -> None:
    framing = frame_subject(subject(width, face), SPAN, Canvas(LARGE, VERTICAL), allowed)
    assert framing.layout in allowed
    assert (framing.layout == "fit-blur") or framing.keys


def test_what_is_used_instead() -> None:
    canvas = Canvas(LARGE, VERTICAL)
    wide, two, narrow = subject(0.5), subject(0.1, 0.9), subject(0.1)
    assert frame_subject(wide, SPAN, canvas).layout == "fit-blur"
    assert frame_subject(wide, SPAN, canvas, {"crop"}).layout == "crop"
    assert frame_subject(two, SPAN, canvas).layout == "split"
    assert frame_subject(two, SPAN, canvas, {"crop", "fit-blur"}).layout == "crop"
    assert frame_subject(narrow, SPAN, canvas, {"fit-blur", "split"}).layout == "fit-blur"


@pytest.mark.parametrize("zoom", [TIGHTEST, 0.85, 1.0])
def test_nothing_is_closer_than_the_zoom(zoom: float) -> None:
    canvas = Canvas(LARGE, VERTICAL, zoom)
    framing = frame_subject(subject(0.08), SPAN, canvas)
    assert framing.keys[0][4] == pytest.approx(zoom, abs=1e-5)


def test_the_default_is_what_it_was() -> None:
    style = FramingStyle()
    assert style.layouts == LAYOUTS and style.zoom == TIGHTEST and style.backdrop == "blur"
