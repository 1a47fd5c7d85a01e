from __future__ import annotations

import pytest

from btsclip.framing.layout import Canvas, Framing
from btsclip.framing.screen import in_source, on_screen

CANVAS = Canvas((1920, 1080), (1080, 1920))
WIDTH = CANVAS.largest[0]
HAND = (0.5, 0.5, 0.1, 0.2)


def framing(layout: str, *keys: tuple[float, ...], below: tuple = ()) -> Framing:
    return Framing(layout, "hands", keys, 1.0, below)  # type: ignore[arg-type]


def test_full_crop_fills_the_screen() -> None:
    still = framing("crop", (0.0, 0.5, 0.5, WIDTH, 1.0))
    assert on_screen(HAND, 1.0, still, CANVAS) == [pytest.approx((0.5, 0.5, 0.1 / WIDTH, 0.2))]
    assert not on_screen((0.9, 0.5, 0.1, 0.2), 1.0, still, CANVAS)


def test_pan_moves_things_on_the_screen() -> None:
    pan = framing("crop", (0.0, 0.4, 0.5, WIDTH, 1.0), (2.0, 0.6, 0.5, WIDTH, 1.0))
    (left,), (right,) = (on_screen(HAND, t, pan, CANVAS) for t in (0.0, 2.0))
    assert left[0] > 0.5 > right[0]
    assert left[0] - 0.5 == pytest.approx(0.5 - right[0])


def test_whole_picture_is_in_the_middle() -> None:
    (seen,) = on_screen(HAND, 0.0, framing("fit-blur"), CANVAS)
    assert seen == pytest.approx((0.5, 0.5, 0.1, 0.2 * (1080 * 9 / 16) / 1920))


def test_halves_show_a_hand_once_or_twice() -> None:
    upper, lower = (0.0, 0.3, 0.5, 0.4, 0.6), (0.0, 0.8, 0.5, 0.4, 0.6)
    split = framing("split", upper, below=(lower,))
    (seen,) = on_screen((0.3, 0.5, 0.1, 0.1), 0.0, split, CANVAS)
    assert seen == pytest.approx((0.5, 0.25, 0.25, 0.1 / 0.6 / 2))
    (seen,) = on_screen((0.8, 0.5, 0.1, 0.1), 0.0, split, CANVAS)
    assert seen[1] == pytest.approx(0.75)
    assert len(on_screen((0.55, 0.5, 0.2, 0.1), 0.0, split, CANVAS)) == 2


@pytest.mark.parametrize(
    "framed",
    [
        framing("crop", (0.0, 0.4, 0.5, WIDTH, 1.0), (2.0, 0.6, 0.5, WIDTH, 1.0)),
        framing("fit-blur"),
        framing("fit-blur", (0.0, 0.5, 0.5, 0.6, 1.0)),
        framing("split", (0.0, 0.4, 0.5, 0.4, 0.6), below=((0.0, 0.6, 0.5, 0.4, 0.6),)),
    ],
)
def test_in_source_is_the_inverse_of_on_screen(framed: Framing) -> None:
    hand = (0.5, 0.5, 0.05, 0.1)
    for seen in on_screen(hand, 1.0, framed, CANVAS):
        assert in_source(seen, 1.0, framed, CANVAS) == pytest.approx(hand)


def test_backdrop_is_not_in_the_source() -> None:
    assert in_source((0.5, 0.02, 0.1, 0.02), 0.0, framing("fit-blur"), CANVAS) is None
