"""Every effect and style at a set time, against small pictures looked at by people."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from captioned import caption, clip_of, drawn, look
from PIL import Image

TEXT = "Fold it over and over, it takes its time"
EMOJI = "Fold 🔥 it over and over, it takes 👩🏽‍🍳 its time 🍞"
# Name of the picture: the look of the hook, its text and the second that is shown.
LOOKS: dict[str, tuple[dict[str, object], str, float]] = {
    "effect-none": ({}, TEXT, 2.0),
    "effect-slide": ({"effect": "slide", "fade": 0.0}, TEXT, 0.1),
    "effect-typewriter": ({"effect": "typewriter"}, TEXT, 1.5),
    "effect-karaoke": ({"effect": "karaoke"}, TEXT, 1.5),
    "effect-pop": ({"effect": "pop"}, TEXT, 1.5),
    "style-box": ({"box": "#FFD23FCC", "colour": "#1A1512"}, TEXT, 2.0),
    "style-emoji": ({}, EMOJI, 2.0),
    "style-emoji-typed": ({"effect": "typewriter", "fade": 0.0}, EMOJI, 2.0),
    "style-emoji-arabic": ({}, "خبز طازج 🍞 من الفرن 🔥", 2.0),
    "style-asian": ({}, "手打ち麺を、きょうも。오늘은 빵", 2.0),
}
SMALLER = 8


def assert_as_it_was(shown: np.ndarray, name: str) -> None:
    """Compares with the picture of that name; BTSCLIP_GOLDEN=1 draws it again."""
    high, wide = shown.shape[0] // SMALLER, shown.shape[1] // SMALLER
    small = shown.reshape(high, SMALLER, wide, SMALLER, 3).mean((1, 3))
    golden = Path(__file__).parent / "golden" / f"{name}.png"
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(small.round().astype(np.uint8)).save(golden)
    differs = np.abs(small - np.asarray(Image.open(golden)).astype(float)).max(-1)
    # Another libass may set an edge a pixel aside.
    assert differs.mean() < 0.5 and (differs > 40).mean() < 0.002


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_the_look_is_as_it_was(name: str, tmp_path: Path) -> None:
    changes, text, at = LOOKS[name]
    assert_as_it_was(drawn(clip_of(caption(text)), look(**changes), tmp_path, at), name)


def test_a_sticker_is_as_it_was(tmp_path: Path) -> None:
    clip = clip_of(caption("Well, that happened"), caption("😬🔥", "sticker"))
    assert_as_it_was(drawn(clip, look("mishap-and-fix"), tmp_path), "style-sticker")


def test_the_pictures_can_be_told_apart(tmp_path: Path) -> None:
    pictures = [
        np.asarray(Image.open(path)).astype(float)
        for path in sorted((Path(__file__).parent / "golden").glob("*-*.png"))
        if path.stem in LOOKS
    ]
    for i, one in enumerate(pictures):
        for other in pictures[:i]:
            differs = np.abs(one - other).max(-1)
            assert differs.mean() > 0.5 or (differs > 40).mean() > 0.002
