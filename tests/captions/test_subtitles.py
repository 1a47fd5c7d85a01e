"""Captions as SRT and WebVTT."""

from __future__ import annotations

import html
import re

from hypothesis import given, strategies as st

from btsclip.captions.lines import clean_line, flow_lines
from btsclip.captions.subtitles import format_subtitles
from btsclip.plan.texts import Caption

CAPTIONS = [
    Caption(text="Kneaded by hand", start=0.4, end=4.4),
    Caption(text="This is how it's made", start=0, end=3, role="hook"),
]


def test_captions_are_in_the_order_of_their_times() -> None:
    assert format_subtitles(CAPTIONS, "srt") == (
        "1\n00:00:00,000 --> 00:00:03,000\nThis is how it's made\n\n"
        "2\n00:00:00,400 --> 00:00:04,400\nKneaded by hand\n\n"
    )
    assert format_subtitles(CAPTIONS, "vtt").startswith(
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:03.000\n"
    )


words = st.text(st.characters(blacklist_categories=("Cs", "Co", "Cc"))).filter(
    lambda t: clean_line(t)
)


@given(words)
def test_text_is_kept_and_never_a_command(text: str) -> None:
    caption = Caption(text=text, start=1, end=2)
    srt = format_subtitles([caption], "srt").split("\n", 2)[2].removesuffix("\n\n")
    assert srt == flow_lines(text)
    body = format_subtitles([caption], "vtt").split("\n", 4)[4].removesuffix("\n\n")
    assert html.unescape(body) == html.unescape(html.escape(flow_lines(text), quote=False))
    assert not re.search("[<>]", body)


def test_speakers_keep_their_lines() -> None:
    captions = [Caption(text="- Is it hot?\n- Not yet", start=0, end=2)]
    for form in ("srt", "vtt"):
        assert format_subtitles(captions, form).endswith("\n- Is it hot?\n- Not yet\n\n")
