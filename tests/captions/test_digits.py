"""The digits of a running time have cells of the same width."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.ass import ass_for
from btsclip.captions.clock import cells_width, digit_cells
from btsclip.captions.fonts import text_width
from btsclip.captions.subtitles import format_subtitles
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.presets.schema import Preset


@given(st.integers(0, 59), st.integers(0, 59), st.sampled_from(["Inter", "Anton"]))
def test_times_with_the_same_number_of_digits_have_the_same_width(
    a: int, b: int, family: str
) -> None:
    first, second = f"3 h {a:02d} min", f"3 h {b:02d} min"
    assert cells_width(first, family, 60) == pytest.approx(cells_width(second, family, 60))
    assert [c.x for c in digit_cells(first, family, 60)] == pytest.approx(
        [c.x for c in digit_cells(second, family, 60)]
    )


def test_each_digit_has_a_cell_and_no_text_is_lost() -> None:
    cells = digit_cells("3 h 20 min", "Inter", 50)
    assert [cell.text for cell in cells] == ["3", "h", "2", "0", "min"]
    assert cells_width("min", "Inter", 50) == pytest.approx(text_width("min", "Inter", 50))


def test_running_time_is_drawn_in_cells_without_a_fade() -> None:
    captions = [
        Caption(text=text, start=start, end=start + 1, role="clock")
        for start, text in enumerate(["11 min", "44 min"])
    ]
    clip = Clip(
        id="lapse", kind="process", score=1, why="a test",
        spans=[Span(source="a.mp4", start=0, end=2, layout="fit-blur")],
        captions=captions,
    )  # fmt: skip
    lines = [
        line for line in (ass_for(clip, Preset()) or "").splitlines() if line.startswith("Dialogue")
    ]
    assert len(lines) == 6 and all("\\fad(0,0)" in line for line in lines)
    places = [line.split("\\pos(")[1].split(",")[0] for line in lines]
    assert places[:3] == places[3:]


def test_subtitles_have_only_the_final_time() -> None:
    captions = [Caption(text=f"{n} min", start=n, end=n + 1, role="clock") for n in range(5)]
    text = format_subtitles(captions, "srt")
    assert "4 min" in text and "3 min" not in text
