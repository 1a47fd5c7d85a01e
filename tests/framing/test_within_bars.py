"""Framings of a picture within bars, in fractions of the take as in plans."""

from __future__ import annotations

import pytest
from test_allowed_layouts import LARGE, SPAN, VERTICAL, subject

from btsclip.framing.layout import Canvas, Framing, frame_subject
from btsclip.geometry import WHOLE, Box

LETTERBOXED: Box = (0.5, 0.45, 1.0, 0.316)
PILLARBOXED: Box = (0.5, 0.5, 0.316, 1.0)


@pytest.mark.parametrize("picture", [LETTERBOXED, PILLARBOXED])
@pytest.mark.parametrize(("width", "face"), [(0.1, None), (0.1, 0.9), (0.5, None), (0.9, None)])
def test_no_layout_shows_bars(picture: Box, width: float, face: float | None) -> None:
    framing = frame_subject(subject(width, face), SPAN, Canvas(LARGE, VERTICAL))
    planned = framing.in_take(picture, 2.0)
    assert planned.layout == framing.layout and planned.keys
    for _, *key in (*planned.keys, *planned.below):
        for k in (0, 1):
            assert abs(key[k] - picture[k]) <= (picture[k + 2] - key[k + 2]) / 2 + 1e-5
    back = planned.in_picture(picture)
    assert back.keys[0] == pytest.approx((framing.keys or ((2.0, *WHOLE),))[0], abs=1e-5)


def test_whole_picture_excludes_the_bars() -> None:
    whole = Framing("fit-blur", "frame", (), 1.0)
    assert whole.in_take(PILLARBOXED, 2.0).keys == ((2.0, *PILLARBOXED),)
    assert whole.in_take(WHOLE, 2.0) is whole
