"""Captions as pixels: what libass really draws."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from btsclip.captions import FONTS, ass_for
from btsclip.captions.safezones import safe_box
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Caption, Clip
from btsclip.presets.load import load, names

HIGH, WIDE = 1920, 1080


def drawn(text: str, role: str, preset: str, folder: Path) -> np.ndarray:
    """Where a caption changes a grey picture, (1920, 1080)."""
    clip = Clip.model_validate(
        {
            "id": "c", "source": "a", "start": 0, "end": 4, "kind": "process", "score": 1,
            "why": "", "crop": [(0, 0.5, 0.5, 0.3, 1)],
            "captions": [Caption.model_validate(
                {"text": text, "start": 0, "end": 4, "role": role})],
        }
    )  # fmt: skip
    document = ass_for(clip, load(preset))
    assert document
    (folder / "c.ass").write_text(document, "utf-8")
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={WIDE}x{HIGH}:d=2:r=1", "-vf", f"ass=c.ass:fontsdir={FONTS}",
            "-ss", "1", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    picture = np.frombuffer(raw, np.uint8).reshape(HIGH, WIDE).astype(int)
    return np.abs(picture - picture[0, 0]) > 8


@pytest.mark.parametrize("role", ["hook", "moment"])
@pytest.mark.parametrize("preset", sorted(names()))
def test_text_is_drawn_inside_the_safe_box(preset: str, role: str, tmp_path: Path) -> None:
    changed = drawn("We rest the dough twenty minutes, so it tears less", role, preset, tmp_path)
    rows, columns = np.nonzero(changed)
    left, top, right, bottom = safe_box(load(preset).output)
    assert changed.sum() > 3000
    assert left <= columns.min() and columns.max() < right
    assert top <= rows.min() and rows.max() < bottom
    middle = (top + bottom) / 2
    assert rows.max() < middle if role == "hook" else rows.min() > middle


@pytest.mark.parametrize("text", ["خبز طازج", "לחם טרי", "Свежий хлеб", "Φρέσκο ψωμί", "Bánh mì"])
def test_other_scripts_are_drawn_and_not_as_boxes(text: str, tmp_path: Path) -> None:
    changed = drawn(text, "moment", "honest-kitchen", tmp_path)
    assert changed.sum() > 1500
    # Boxes for missing characters would all look the same.
    columns = np.flatnonzero(changed.any(0))
    profile = changed[:, columns[0] : columns[-1]].sum(0)
    assert len(set(profile.tolist())) > 8


def test_braces_and_backslashes_are_drawn_as_they_are(tmp_path: Path) -> None:
    plain = drawn("salt", "moment", "honest-kitchen", tmp_path)
    braces = drawn(r"{\b1}salt\N", "moment", "honest-kitchen", tmp_path)
    assert np.ptp(np.nonzero(braces)[1]) > 1.5 * np.ptp(np.nonzero(plain)[1])
    assert np.ptp(np.nonzero(braces)[0]) < 1.6 * np.ptp(np.nonzero(plain)[0])
