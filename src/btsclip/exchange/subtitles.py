"""Captions as subtitle files that fit the timeline: their times are whole frames of it."""

from __future__ import annotations

from typing import Literal

from btsclip import captions
from btsclip.exchange.rates import seconds_of
from btsclip.exchange.timeline import Timeline
from btsclip.plan.model import Caption


def to_text(timeline: Timeline, form: Literal["srt", "vtt"]) -> str:
    """All that is written on the clip, cards too, as SRT or WebVTT."""
    texts = [
        Caption(
            text=text.text,
            start=float(seconds_of(text.at, timeline.rate)),
            end=float(seconds_of(text.at + text.frames, timeline.rate)),
        )
        for text in timeline.texts
    ]
    return captions.subtitles(texts, form)
