"""Texts flow to one line, those of two speakers do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.captions.layout import layout_caption
from btsclip.captions.lines import clean_line, flow_lines
from btsclip.plan.model import Caption
from btsclip.presets.load import load_preset


@pytest.mark.parametrize(
    "text",
    [
        "- Is it hot?\n- Not yet",
        "– Is it hot?\n– Not yet",
        "—Is it hot?\n—Not yet",
        "Is it hot?\n-Not yet",
        "ANA: Is it hot?\nBEN: Not yet",
        "Is it hot?\nCHEF 2: Not yet",
        ">> ANA: Is it hot?\n>> Not yet",
        "Ana: Is it hot?\nDr. O'Neil: Not yet",
        "安娜：热吗？\n本：还没有",
        "- One\n- Two\n- Three",
    ],
)
def test_each_speaker_has_a_line(text: str) -> None:
    assert flow_lines(text) == text
    assert flow_lines(f"\n {text}\r\n\n") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We fold it\nin the bowl", "We fold it in the bowl"),
        ("- Is it\nhot?\n- Not\nyet", "- Is it hot?\n- Not yet"),
        ("- Is it\nhot?", "- Is it hot?"),
        ("The trick: cold\nbutter", "The trick: cold butter"),
        ("We do this\nRemember: slowly", "We do this Remember: slowly"),
        ("At\n10:30 we bake", "At 10:30 we bake"),
        ("", ""),
    ],
)
def test_all_else_flows(text: str, expected: str) -> None:
    assert flow_lines(text) == expected


@given(st.text(st.sampled_from("ab-:> \n—A."), max_size=40))
def test_flowing_again_changes_nothing_and_loses_nothing(text: str) -> None:
    assert flow_lines(flow_lines(text)) == flow_lines(text)
    assert clean_line(flow_lines(text)) == clean_line(text)


@pytest.mark.parametrize("role", ["speech", "moment", "hook"])
def test_they_are_drawn_on_lines_of_their_own(role: str) -> None:
    caption = Caption.model_validate(
        {"text": "- Hot?\n- Not yet", "role": role, "start": 0, "end": 2}
    )
    assert layout_caption(caption, load_preset("honest-kitchen")).lines == ("- Hot?", "- Not yet")
