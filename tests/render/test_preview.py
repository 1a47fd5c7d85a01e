from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media import QUADRANTS, Media, take
from PIL import Image
from result import PRESET

from btsclip.captions.safezones import safe_box
from btsclip.errors import FootageError, OutputError
from btsclip.presets.load import load_preset
from btsclip.render.preview import render_preview


def drawn(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_safe_box_and_captions_are_drawn(tmp_path: Path) -> None:
    look = load_preset("street-food-fast")
    small = {"width": 270, "height": 480}
    look = look.model_copy(update={"output": look.output.model_copy(update=small)})
    silent = load_preset("asmr-no-text").model_copy(update={"output": look.output})
    render_preview(look, tmp_path / "a.png")
    render_preview(silent, tmp_path / "b.png")
    a, b = drawn(tmp_path / "a.png"), drawn(tmp_path / "b.png")
    assert a.shape == (480, 270, 3)
    rows, columns = np.nonzero(np.abs(a - b).sum(-1) > 60)
    left, top, right, bottom = safe_box(look.output)
    assert rows.size > 1000
    assert top <= rows.min() and rows.max() < bottom
    assert left <= columns.min() and columns.max() < right
    edge, inner = b[(top + bottom) // 2, left + 1], b[(top + bottom) // 2, left + 8]
    assert edge.mean() > inner.mean() + 20


@pytest.mark.parametrize("name", ["plain.mp4", "one_keyframe.ts"])
def test_picture_of_the_footage_is_used(name: str, media: Media, tmp_path: Path) -> None:
    source = tmp_path / name
    if name == "one_keyframe.ts":
        take(source, extra=("-g", "300"))
    else:
        media.copy(name, source)
    render_preview(PRESET, tmp_path / "a.png", footage=source)
    red = [(QUADRANTS["red"] >> shift) & 255 for shift in (16, 8, 0)]
    assert np.abs(drawn(tmp_path / "a.png")[20, 20] - red).max() <= 12


def test_failed_preview_leaves_nothing(media: Media, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="png"):
        render_preview(PRESET, tmp_path / "a.gif")
    with pytest.raises(FootageError):
        render_preview(PRESET, tmp_path / "a.png", footage=media("text.mp4"))
    assert list(tmp_path.iterdir()) == []
    render_preview(PRESET, tmp_path / "a.png")
    with pytest.raises(OutputError, match="--force"):
        render_preview(PRESET, tmp_path / "a.png")
    render_preview(PRESET, tmp_path / "a.png", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
