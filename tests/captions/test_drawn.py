"""Captions as pixels: what libass really draws."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from btsclip.captions import FONTS, ass_for
from btsclip.captions.layout import layout_caption
from btsclip.captions.safezones import safe_box
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Caption, Clip
from btsclip.presets.load import load_preset, preset_names
from btsclip.presets.schema import Preset

HIGH, WIDE = 1920, 1080


def picture(captions: list[tuple[str, str]], look: Preset, folder: Path) -> np.ndarray:
    """A grey picture with (text, role) captions drawn over it, (1920, 1080) of 0..255."""
    clip = Clip.model_validate(
        {
            "id": "c", "source": "a", "start": 0, "end": 4, "kind": "process", "score": 1,
            "why": "", "crop": [(0, 0.5, 0.5, 0.3, 1)],
            "captions": [{"text": t, "start": 0, "end": 4, "role": role} for t, role in captions],
        }
    )  # fmt: skip
    document = ass_for(clip, look)
    assert document
    return burnt(document, folder)


def burnt(document: str, folder: Path) -> np.ndarray:
    """An ASS document drawn over grey at 1 s."""
    (folder / "c.ass").write_text(document, "utf-8")
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={WIDE}x{HIGH}:d=2:r=1", "-vf", f"ass=f=c.ass:fontsdir={FONTS}",
            "-ss", "1", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(HIGH, WIDE).astype(int)


def changed(shown: np.ndarray) -> np.ndarray:
    """Where a caption changes the picture."""
    return np.abs(shown - shown[0, 0]) > 8


def drawn(text: str, role: str, preset: str, folder: Path) -> np.ndarray:
    """Where one caption changes the picture, (1920, 1080)."""
    return changed(picture([(text, role)], load_preset(preset), folder))


@pytest.mark.parametrize("role", ["hook", "moment"])
@pytest.mark.parametrize("preset", sorted(preset_names()))
def test_text_is_drawn_inside_the_safe_box(preset: str, role: str, tmp_path: Path) -> None:
    seen = drawn("We rest the dough twenty minutes, so it tears less", role, preset, tmp_path)
    rows, columns = np.nonzero(seen)
    left, top, right, bottom = safe_box(load_preset(preset).output)
    assert seen.sum() > 3000
    assert left <= columns.min() and columns.max() < right
    assert top <= rows.min() and rows.max() < bottom
    middle = (top + bottom) / 2
    look = load_preset(preset).captions
    place = (look.hook_style if role == "hook" else look.moment_style).place
    assert rows.max() < middle if place == "top" else rows.min() > middle


@pytest.mark.parametrize(
    "text", ["خبز طازج", "לחם טרי", "Свежий хлеб", "Φρέσκο ψωμί", "Bánh mì", "Du pain 'maison'"]
)
@pytest.mark.parametrize("role", ["hook", "moment"])
def test_other_scripts_are_drawn_and_not_as_boxes(text: str, role: str, tmp_path: Path) -> None:
    document = ass_for(
        Clip.model_validate(
            {
                "id": "c", "source": "a", "start": 0, "end": 4, "kind": "process", "score": 1,
                "why": "", "crop": [(0, 0.5, 0.5, 0.3, 1)],
                "captions": [{"text": text, "start": 0, "end": 4, "role": role}],
            }
        ),
        load_preset("honest-kitchen"),
    )  # fmt: skip
    assert document
    shown = burnt(document, tmp_path)
    assert changed(shown).sum() > 1500
    # The same text in characters that no font has: that is what boxes would look like.
    unknown = "".join(c if c.isspace() else "\U000f0000" for c in text)
    assert text in document
    boxes = burnt(document.replace(text, unknown), tmp_path)
    assert (np.abs(shown - boxes) > 60).sum() > 0.2 * changed(shown).sum()


@pytest.mark.parametrize("text", ["לחם.", "לחם טרי מהתנור שלנו בבית, היום IKEA."])
def test_a_hebrew_sentence_ends_on_the_left(text: str, tmp_path: Path) -> None:
    rows, columns = np.nonzero(drawn(text, "moment", "honest-kitchen", tmp_path))
    last = rows > rows.max() - 50
    rows, columns = rows[last], columns[last]
    # The full stop is the only low sign.
    assert np.ptp(rows[columns < columns.min() + 8]) < 25
    assert np.ptp(rows[columns > columns.max() - 8]) > 25


def test_hook_and_line_are_both_drawn_and_apart(tmp_path: Path) -> None:
    texts = [("Real work", "hook"), ("Kneaded by hand", "moment")]
    rows = changed(picture(texts, load_preset("honest-kitchen"), tmp_path)).any(1)
    starts = np.flatnonzero(np.diff(rows.astype(int)) == 1)
    assert len(starts) == 2 and starts[1] - starts[0] > 400


def test_captions_of_one_place_stand_one_above_the_other(tmp_path: Path) -> None:
    look = load_preset("honest-kitchen")
    both = changed(picture([("One", "moment"), ("Two", "moment")], look, tmp_path)).any(1)
    alone = changed(picture([("One", "moment")], look, tmp_path)).any(1)
    assert both[alone].all() and both.sum() > 1.8 * alone.sum()


def test_a_clear_box_is_even_and_does_not_cover_its_text(tmp_path: Path) -> None:
    style = {"box": "#00000080", "colour": "#FFFFFF", "fade": 0}
    look = Preset.model_validate({"captions": {"hook_style": style}})
    text = "Rest it long enough please, dear reader"
    shown = picture([(text, "hook")], look, tmp_path)
    assert len(layout_caption(Caption(text=text, start=0, end=4, role="hook"), look).lines) == 2
    # Where lines' boxes meet there is neither a seam nor a darker stripe.
    rows = np.flatnonzero(changed(shown).any(1))
    middle = shown[rows[8] : rows[-8], WIDE // 2 - 60]
    box = int(np.bincount(middle).argmax())
    assert box < 100 and middle.min() >= box - 4
    assert shown.max() > 220


@pytest.mark.parametrize("preset", sorted(set(preset_names()) - {"asmr-no-text"}))
def test_the_look_is_as_it_was(preset: str, tmp_path: Path) -> None:
    """Against a small picture looked at by people; BTSCLIP_GOLDEN=1 draws it again."""
    texts = [("Real work, not a show, and no hurry", "hook"), ("Kneaded by hand", "moment")]
    shown = picture(texts, load_preset(preset), tmp_path)
    small = shown.reshape(HIGH // 8, 8, WIDE // 8, 8).mean((1, 3))
    golden = Path(__file__).parent / "golden" / f"{preset}.png"
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(small.round().astype(np.uint8)).save(golden)
    expected = np.asarray(Image.open(golden)).astype(float)
    differs = np.abs(small - expected)
    # Another libass may set an edge a pixel aside.
    assert differs.mean() < 0.5 and (differs > 40).mean() < 0.002


def test_braces_and_backslashes_are_drawn_as_they_are(tmp_path: Path) -> None:
    plain = drawn("salt", "moment", "honest-kitchen", tmp_path)
    braces = drawn(r"{\b1}salt\N", "moment", "honest-kitchen", tmp_path)
    assert np.ptp(np.nonzero(braces)[1]) > 1.5 * np.ptp(np.nonzero(plain)[1])
    assert np.ptp(np.nonzero(braces)[0]) < 1.6 * np.ptp(np.nonzero(plain)[0])


@pytest.mark.parametrize(
    "text",
    [
        "AVATAR Tofu, fluffy", "خبز طازج من الفرن", "לחם טרי", "Свежий хлеб", "Φρέσκο ψωμί",
        "Bánh mì ẵm", "خبز sourdough 24h",
    ],
)  # fmt: skip
def test_a_line_is_as_wide_as_it_was_laid_out(text: str, tmp_path: Path) -> None:
    """Drawn by libass; the letters' own side bearings and the outline are what is left."""
    look = load_preset("honest-kitchen")
    block = layout_caption(Caption(text=text, start=0, end=4, role="hook"), look)
    _, columns = np.nonzero(drawn(text, "hook", "honest-kitchen", tmp_path))
    assert len(block.lines) == 1
    edge = 2 * look.captions.hook_style.outline_width * HIGH
    assert columns.max() - columns.min() - edge == pytest.approx(block.widths[0], abs=12)
