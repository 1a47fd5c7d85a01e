"""Text in drawings: width, order on the page, and shortening."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.pictures.lettering import clean_text, shorten, text_width, visual_runs, wrap_lines
from btsclip.pictures.palette import GROUND, INK, KINDS, SOFT_INK, WHITE
from btsclip.pictures.raster import to_image
from btsclip.pictures.shapes import Drawing, TextLine


@given(st.text(max_size=80), st.floats(0, 600))
def test_shortened_text_fits_and_is_clean(text: str, room: float) -> None:
    short = shorten(clean_text(text), 16, room)
    assert text_width(short, 16) <= room or short == ""
    assert all(c.isprintable() or c in "\u200c\u200d" for c in short)


def test_both_ends_of_a_long_name_are_kept() -> None:
    short = shorten("sunday dough with grandmother, take 17.mp4", 16, 200)
    assert short.startswith("sunday") and short.endswith("7.mp4") and "…" in short


def test_text_is_wrapped_and_then_shortened() -> None:
    text = "two hands seen for 8.0 of 8.0 s, moving fast, steady camera, 7 blows a second"
    assert " ".join(wrap_lines(text, 14, 300, 9)) == text
    cut = wrap_lines(text, 14, 200, 2)
    assert len(cut) == 2 and "…" in cut[1] and all(text_width(line, 14) <= 200 for line in cut)


def test_right_to_left_runs_are_in_visual_order() -> None:
    assert [run for _, _, run in visual_runs("a שלום.mp4")] == ["a ", "שלום", ".mp4"]
    # Hebrew before Arabic in reading order is to its right on the page; the number goes along.
    runs = visual_runs("שלום سلام 7")
    assert [run.strip() for _, _, run in runs if run.strip()][-1].startswith("שלום")
    assert all(backwards for _, backwards, _ in runs)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
@pytest.mark.parametrize(
    "text", ["kitchen.mp4", "שלום עולם", "ليلة البيتزا 12", "手打ち麺.mp4", "오늘은 빵"]
)
def test_text_is_drawn_within_its_measured_width(text: str, anchor: str) -> None:
    drawing = Drawing(400, 60, "#ffffff", "", (TextLine(200, 40, text, 24, "#000000", anchor),))
    box = to_image(drawing).convert("L").point(lambda v: 255 if v < 128 else 0).getbbox()
    assert box is not None
    left = 200 - text_width(text, 24) * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    assert left - 3 <= box[0] and box[2] <= left + text_width(text, 24) + 3
    assert all(family for family, _, _ in visual_runs(text)), "a shipped font has all of it"
    # Joined Arabic letters are narrower than the single ones that are measured.
    assert box[2] - box[0] > 0.5 * text_width(text, 24)


@pytest.mark.parametrize(
    ("text", "ground"), [(INK, GROUND), (SOFT_INK, GROUND), *((WHITE, c) for c in KINDS.values())]
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    """WCAG 2.2: relative luminance, contrast 4.5."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(text), luminance(ground)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
