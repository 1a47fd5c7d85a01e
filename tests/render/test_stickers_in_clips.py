"""Emoji and stickers in finished clips: at their times, in their colors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media import Media
from result import PRESET, pictures, plan_of

from btsclip.errors import CaptionError
from btsclip.plan.io import read_plan, write_plan
from btsclip.plan.texts import Caption
from btsclip.render import render


def purples(frames: np.ndarray) -> np.ndarray:
    """Purple pixels of each frame; the footage has none."""
    red, green, blue = np.moveaxis(frames.astype(int), -1, 0)
    return ((red > 100) & (blue > 130) & (green < 100) & (abs(red - blue) < 100)).sum((1, 2))


def test_emoji_and_stickers_are_in_the_clip(media: Media, tmp_path: Path) -> None:
    captions = [
        Caption(text="Hot 💜", start=0.2, end=0.8, role="hook"),
        Caption(text="🟪", start=1.2, end=1.8, role="sticker", corner="bottom-left"),
    ]
    plan = plan_of(media("plain.mp4"), end=2.0, captions=captions)
    write_plan(plan, tmp_path / "plan.json")
    done = render(read_plan(tmp_path / "plan.json"), PRESET, tmp_path / "done")[0]
    seen = purples(pictures(done.path))
    assert seen[:5].max() < 10 and seen[26:34].max() < 10 and seen[56:].max() < 10
    assert seen[12:20].min() > 40 and seen[42:50].min() > 200
    texts = [path.read_text("utf-8") for path in done.subtitles]
    assert all("Hot 💜" in text and "🟪" not in text for text in texts)
    assert sorted(p.name for p in (tmp_path / "done").iterdir()) == sorted(
        p.name for p in done.files
    )


def test_clip_with_only_a_sticker_has_no_subtitles(media: Media, tmp_path: Path) -> None:
    sticker = Caption(text="🟪", start=0, end=1, role="sticker")
    plan = plan_of(media("one_second.mp4"), captions=[sticker], title="Unwritten")
    (done,) = render(plan, PRESET, tmp_path)
    assert done.subtitles == ()
    assert purples(pictures(done.path)).max() > 200


def test_sticker_that_is_not_an_emoji_is_refused(media: Media, tmp_path: Path) -> None:
    sticker = Caption(text="hot", start=0, end=1, role="sticker")
    with pytest.raises(CaptionError, match="is not an emoji"):
        render(plan_of(media("one_second.mp4"), captions=[sticker]), PRESET, tmp_path)
    assert list(tmp_path.iterdir()) == []
