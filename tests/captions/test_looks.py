"""Every effect and style at a set time, compared with small pictures that people checked."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from caption_drawing import caption, clip_of, draw, look
from PIL import Image
from quick import mostly_slow

TEXT = "Fold it over and over, it takes its time"
EMOJI = "Fold 🔥 it over and over, it takes 👩🏽‍🍳 its time 🍞"
# The name of the picture: the changes of the hook's style, its text and the second.
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
REDUCTION = 8


def assert_unchanged(picture: np.ndarray, name: str) -> None:
    """Compare with the picture of that name; BTSCLIP_GOLDEN=1 draws it again."""
    height, width = picture.shape[0] // REDUCTION, picture.shape[1] // REDUCTION
    small = picture.reshape(height, REDUCTION, width, REDUCTION, 3).mean((1, 3))
    golden = Path(__file__).parent / "golden" / f"{name}.png"
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(small.round().astype(np.uint8)).save(golden)
    differs = np.abs(small - np.asarray(Image.open(golden)).astype(float)).max(-1)
    # Another version of libass may move an edge by a pixel.
    assert differs.mean() < 0.5 and (differs > 40).mean() < 0.002


@pytest.mark.parametrize("name", mostly_slow(sorted(LOOKS), *sorted(LOOKS)[::3]))
def test_effects_and_styles_look_as_before(name: str, tmp_path: Path) -> None:
    changes, text, second = LOOKS[name]
    assert_unchanged(draw(clip_of(caption(text)), look(**changes), tmp_path, second), name)


def test_sticker_looks_as_before(tmp_path: Path) -> None:
    clip = clip_of(caption("Well, that happened"), caption("😬🔥", "sticker"))
    assert_unchanged(draw(clip, look("mishap-and-fix"), tmp_path), "style-sticker")


def test_pictures_differ(tmp_path: Path) -> None:
    pictures = [
        np.asarray(Image.open(path)).astype(float)
        for path in sorted((Path(__file__).parent / "golden").glob("*-*.png"))
        if path.stem in LOOKS
    ]
    for a, b in itertools.combinations(pictures, 2):
        differs = np.abs(a - b).max(-1)
        assert differs.mean() > 0.5 or (differs > 40).mean() > 0.002
