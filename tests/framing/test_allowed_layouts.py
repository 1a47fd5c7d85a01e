"""Framings use only the layouts of the preset, and no crop is tighter than its zoom."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from btsclip.framing.crop import CropSpan
from btsclip.framing.layout import LAYOUTS, MIN_CROP_SHARE, Canvas, frame_subject
from btsclip.framing.subject import Region, Subject
from btsclip.presets.schema import FramingStyle

# Large enough that pixels limit no crop.
LARGE, VERTICAL = (7680, 4320), (1080, 1920)
COUNT, STEP = 30, 0.2
SPAN = CropSpan(0.0, COUNT * STEP)
ALLOWED = [
    set(layouts)
    for size in (1, 2, 3)
    for layouts in itertools.combinations(LAYOUTS, size)
    if {"crop", "fit-blur"} & set(layouts)
]


def subject(width: float, face_x: float | None = None) -> Subject:
    def region(x: float, width: float, seen: bool = True) -> Region:
        return Region(np.tile([x, 0.5, width, 0.15], (COUNT, 1)), np.full(COUNT, float(seen)))

    face = region(0.5 if face_x is None else face_x, 0.06, face_x is not None)
    none = region(0.5, 0.2, False)
    times = np.arange(COUNT) * STEP
    return Subject(times, region(0.3, width), none, face, none, "hands")


@given(st.floats(0.05, 0.9), st.none() | st.floats(0.1, 0.9), st.sampled_from(ALLOWED))
def test_only_allowed_layouts_are_used(width: float, face: float | None, allowed: set[str]) -> None:
    framing = frame_subject(subject(width, face), SPAN, Canvas(LARGE, VERTICAL), allowed)
    assert framing.layout in allowed
    assert (framing.layout == "fit-blur") or framing.keys


def test_allowed_layout_replaces_the_best_one() -> None:
    canvas = Canvas(LARGE, VERTICAL)
    wide, two, narrow = subject(0.5), subject(0.1, 0.9), subject(0.1)
    assert frame_subject(wide, SPAN, canvas).layout == "fit-blur"
    assert frame_subject(wide, SPAN, canvas, {"crop"}).layout == "crop"
    assert frame_subject(two, SPAN, canvas).layout == "split"
    assert frame_subject(two, SPAN, canvas, {"crop", "fit-blur"}).layout == "crop"
    assert frame_subject(narrow, SPAN, canvas, {"fit-blur", "split"}).layout == "fit-blur"


@pytest.mark.parametrize("zoom", [MIN_CROP_SHARE, 0.85, 1.0])
def test_no_crop_is_tighter_than_the_zoom(zoom: float) -> None:
    canvas = Canvas(LARGE, VERTICAL, zoom)
    framing = frame_subject(subject(0.08), SPAN, canvas)
    assert framing.keys[0][4] == pytest.approx(zoom, abs=1e-5)


def test_default_style_allows_everything() -> None:
    style = FramingStyle()
    assert style.layouts == LAYOUTS and style.zoom == MIN_CROP_SHARE and style.backdrop == "blur"
