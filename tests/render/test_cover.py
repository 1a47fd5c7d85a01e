"""The cover: the title inside the safe box, whole words, no boxes for missing characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from result import PRESET

from btsclip.captions.safezones import safe_box
from btsclip.presets.schema import Output, Preset
from btsclip.render import cards

FULL = Preset(output=Output(width=540, height=960))


def cover(title: str, folder: Path, preset: Preset = FULL) -> np.ndarray:
    size = preset.output.width, preset.output.height
    Image.new("RGB", size, (90, 60, 40)).save(folder / "still.png")
    cards.make_cover(folder / "still.png", title, preset, folder / "cover.jpg")
    with Image.open(folder / "cover.jpg") as image:
        assert (image.format, image.size) == ("JPEG", size)
        return np.asarray(image).astype(int)


@pytest.mark.parametrize(
    "title",
    [
        "Dough",
        "How the dough comes together by hand " * 3,
        "عجن العجين باليد",
        "Süß & crème",
        "今天我们手工和面" * 4,
    ],
)
def test_the_title_stands_in_the_safe_box(title: str, tmp_path: Path) -> None:
    changed = np.abs(cover(title, tmp_path) - (90, 60, 40)).max(axis=2) > 40
    rows, columns = changed.nonzero()
    x0, y0, x1, y1 = safe_box(FULL.output)
    assert len(rows) > 200, "something is drawn"
    assert x0 <= columns.min() and columns.max() < x1
    assert y0 <= rows.min() and rows.max() < y1


@pytest.mark.parametrize("title", ["", "  ", "🍕🍝"])
def test_nothing_is_drawn_for_nothing_drawable(title: str, tmp_path: Path) -> None:
    assert np.abs(cover(title, tmp_path) - (90, 60, 40)).max() < 10


def test_a_small_output_has_a_cover_too(tmp_path: Path) -> None:
    drawn = cover("Dough", tmp_path, PRESET)
    assert np.abs(drawn - (90, 60, 40)).max() > 100
