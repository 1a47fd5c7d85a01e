"""Stickers: their corners, their rims and their texts."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from caption_drawing import caption, changed_pixels, clip_of, draw, look
from hypothesis import given, settings, strategies as st
from PIL import Image

from btsclip.captions import ass_for, captions_for, overlays_for, place_captions
from btsclip.captions.layout import layout_captions
from btsclip.captions.placement import BusyArea
from btsclip.captions.safezones import safe_box
from btsclip.captions.stickers import CORNERS, place_sticker
from btsclip.captions.subtitles import format_subtitles
from btsclip.errors import CaptionError
from btsclip.plan.texts import Corner
from btsclip.presets.texts import Captions

STICKER = caption("😬", "sticker")


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(CORNERS), st.sampled_from(["One", "A hook of two lines that is rather wide"]),
    st.sampled_from(["top", "middle", "bottom"]), st.floats(0.02, 0.1), st.floats(-45, 45),
    st.sampled_from(["😬", "🔥👩🏽‍🍳", "🇩🇪🇫🇷🇯🇵"]),
)  # fmt: skip
def test_sticker_is_in_its_corner_beside_the_texts(
    corner: Corner, text: str, where: str, size: float, tilt: float, emoji: str
) -> None:
    style = look(place=where)
    sticker_style = style.captions.sticker_style.model_copy(update={"size": size, "tilt": tilt})
    captions = style.captions.model_copy(update={"sticker_style": sticker_style})
    style = style.model_copy(update={"captions": captions})
    (block,) = layout_captions([caption(text)], style)
    try:
        sticker = place_sticker(caption(emoji, "sticker"), [block], style, corner)
    except CaptionError as error:
        assert "has no room" in str(error) and len(emoji) * size > 0.2
        return
    left, top, right, bottom = safe_box(style.output)
    assert left <= sticker.x - sticker.width / 2 and sticker.x + sticker.width / 2 <= right
    assert top <= sticker.y and sticker.y + sticker.height <= bottom
    assert (sticker.x < (left + right) / 2) == corner.endswith("left") or sticker.width > 400
    apart = abs(sticker.x - block.x) >= (sticker.width + block.width) / 2
    assert apart or sticker.y >= block.y + block.height or block.y >= sticker.y + sticker.height


def test_sticker_has_a_white_rim_and_is_not_text(tmp_path: Path) -> None:
    style = look("mishap-and-fix")
    clip = clip_of(STICKER)
    assert ass_for(clip, style) is None and format_subtitles([STICKER], "srt").strip() == ""
    picture = draw(clip, style, tmp_path)
    rows, columns = np.nonzero(changed_pixels(picture))
    left, top, right, _ = safe_box(style.output)
    assert top - 1 <= rows.min() and left <= columns.min() and columns.max() <= right + 1
    height = style.captions.sticker_style.size * style.output.height
    assert np.ptp(rows) == pytest.approx(1.15 * height, rel=0.15)
    # White comes first from both sides.
    middle = picture[int(rows.mean()), columns.min() : columns.max() + 1]
    assert (middle[:16].min(-1) > 235).any() and (middle[-16:].min(-1) > 235).any()


def test_mishap_sticker_has_its_time() -> None:
    marked = look().model_copy(update={"captions": Captions(stickers={"mishap": "😬"})})
    captions = captions_for("mishap", None, 8, {}, marked)
    (sticker,) = [c for c in captions if c.role == "sticker"]
    assert (sticker.text, sticker.start, sticker.end) == ("😬", 0.3, 2.8)
    assert not [c for c in captions_for("mishap", None, 8, {}, look()) if c.role == "sticker"]


def test_sticker_leaves_the_corner_with_hands() -> None:
    style = look("mishap-and-fix")
    assert place_captions([STICKER], style, []) == (STICKER,)
    hands = [BusyArea(0, 4, (0.75, 0.2, 0.4, 0.3))]
    (moved,) = place_captions([STICKER], style, hands)
    assert moved.corner == "top-left"
    hands.append(BusyArea(1, 3, (0.2, 0.2, 0.4, 0.3)))
    (moved,) = place_captions([STICKER], style, hands)
    assert moved.corner in ("bottom-left", "bottom-right")
    (unmoved,) = place_captions([STICKER], style, [BusyArea(5, 6, (0.75, 0.2, 0.4, 0.3))])
    assert unmoved.corner is None
    (overlay,) = overlays_for(clip_of(moved), style)
    with Image.open(io.BytesIO(overlay.png)) as picture:
        assert overlay.y + picture.height == safe_box(style.output)[3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hot", "'h' is not an emoji"),
        ("😬" * 5, "has 5 emoji"),
        ("😬 x", "'x' is not"),
        ("🔥\ufe0e", "not an emoji"),
    ],
)
def test_text_that_is_not_emoji_is_an_error(text: str, message: str) -> None:
    with pytest.raises(CaptionError, match=message):
        place_sticker(caption(text, "sticker"), [], look())
