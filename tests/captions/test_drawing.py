"""Captions as pixels, as libass draws them."""

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
from btsclip.plan.model import Clip
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset, preset_names
from btsclip.presets.schema import Preset

HEIGHT = 1920
WIDTH = 1080


def draw_captions(captions: list[tuple[str, str]], look: Preset, folder: Path) -> np.ndarray:
    """(text, role) captions drawn over gray, (1920, 1080) of 0..255."""
    clip = Clip.model_validate(
        {
            "id": "c", "kind": "process", "score": 1, "why": "",
            "spans": [{"source": "a", "start": 0, "end": 4, "crop": [(0, 0.5, 0.5, 0.3, 1)]}],
            "captions": [{"text": t, "start": 0, "end": 4, "role": role} for t, role in captions],
        }
    )  # fmt: skip
    document = ass_for(clip, look)
    assert document
    return draw_document(document, folder)


def draw_document(document: str, folder: Path) -> np.ndarray:
    """An ASS document drawn over gray, at 1 s."""
    (folder / "c.ass").write_text(document, "utf-8")
    raw = subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i",
            f"color=0x808080:s={WIDTH}x{HEIGHT}:d=2:r=1", "-vf", f"ass=f=c.ass:fontsdir={FONTS}",
            "-ss", "1", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1",
        ],
        cwd=folder, check=True, capture_output=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(HEIGHT, WIDTH).astype(int)


def changed_pixels(picture: np.ndarray) -> np.ndarray:
    """The pixels that a caption changes."""
    return np.abs(picture - picture[0, 0]) > 8


def draw_text(text: str, role: str, preset: str, folder: Path) -> np.ndarray:
    """The pixels that one caption changes, (1920, 1080)."""
    return changed_pixels(draw_captions([(text, role)], load_preset(preset), folder))


@pytest.mark.parametrize("role", ["hook", "moment"])
@pytest.mark.parametrize("preset", sorted(preset_names()))
def test_text_is_drawn_inside_the_safe_box(preset: str, role: str, tmp_path: Path) -> None:
    changed = draw_text(
        "We rest the dough twenty minutes, so it tears less", role, preset, tmp_path
    )
    rows, columns = np.nonzero(changed)
    left, top, right, bottom = safe_box(load_preset(preset).output)
    assert changed.sum() > 3000
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
def test_other_scripts_are_drawn_without_missing_glyphs(
    text: str, role: str, tmp_path: Path
) -> None:
    document = ass_for(
        Clip.model_validate(
            {
                "id": "c", "kind": "process", "score": 1, "why": "",
                "spans": [{"source": "a", "start": 0, "end": 4, "crop": [(0, 0.5, 0.5, 0.3, 1)]}],
                "captions": [{"text": text, "start": 0, "end": 4, "role": role}],
            }
        ),
        load_preset("honest-kitchen"),
    )  # fmt: skip
    assert document
    picture = draw_document(document, tmp_path)
    assert changed_pixels(picture).sum() > 1500
    # The same text in characters that no font has is drawn as boxes.
    unknown = "".join(c if c.isspace() else "\U000f0000" for c in text)
    assert text in document
    boxes = draw_document(document.replace(text, unknown), tmp_path)
    assert (np.abs(picture - boxes) > 60).sum() > 0.2 * changed_pixels(picture).sum()


@pytest.mark.parametrize("text", ["לחם.", "לחם טרי מהתנור שלנו בבית, היום IKEA."])
def test_hebrew_sentence_ends_on_the_left(text: str, tmp_path: Path) -> None:
    rows, columns = np.nonzero(draw_text(text, "moment", "honest-kitchen", tmp_path))
    last = rows > rows.max() - 50
    rows, columns = rows[last], columns[last]
    # Only the full stop is low.
    assert np.ptp(rows[columns < columns.min() + 8]) < 25
    assert np.ptp(rows[columns > columns.max() - 8]) > 25


def test_hook_and_line_are_drawn_apart(tmp_path: Path) -> None:
    texts = [("Real work", "hook"), ("Kneaded by hand", "moment")]
    rows = changed_pixels(draw_captions(texts, load_preset("honest-kitchen"), tmp_path)).any(1)
    starts = np.flatnonzero(np.diff(rows.astype(int)) == 1)
    assert len(starts) == 2 and starts[1] - starts[0] > 400


def test_captions_in_one_place_are_stacked(tmp_path: Path) -> None:
    look = load_preset("honest-kitchen")
    both = changed_pixels(
        draw_captions([("One", "moment"), ("Two", "moment")], look, tmp_path)
    ).any(1)
    alone = changed_pixels(draw_captions([("One", "moment")], look, tmp_path)).any(1)
    assert both[alone].all() and both.sum() > 1.8 * alone.sum()


def test_translucent_box_is_even_and_behind_its_text(tmp_path: Path) -> None:
    style = {"box": "#00000080", "colour": "#FFFFFF", "fade": 0}
    look = Preset.model_validate({"captions": {"hook_style": style}})
    text = "Rest it long enough please, dear reader"
    picture = draw_captions([(text, "hook")], look, tmp_path)
    assert len(layout_caption(Caption(text=text, start=0, end=4, role="hook"), look).lines) == 2
    # No seam and no darker stripe where the boxes of two lines meet.
    rows = np.flatnonzero(changed_pixels(picture).any(1))
    middle = picture[rows[8] : rows[-8], WIDTH // 2 - 60]
    box = int(np.bincount(middle).argmax())
    assert box < 100 and middle.min() >= box - 4
    assert picture.max() > 220


@pytest.mark.parametrize("preset", sorted(set(preset_names()) - {"asmr-no-text"}))
def test_presets_look_as_before(preset: str, tmp_path: Path) -> None:
    """Compare with a small picture that people checked; BTSCLIP_GOLDEN=1 draws it again."""
    texts = [("Real work, not a show, and no hurry", "hook"), ("Kneaded by hand", "moment")]
    picture = draw_captions(texts, load_preset(preset), tmp_path)
    small = picture.reshape(HEIGHT // 8, 8, WIDTH // 8, 8).mean((1, 3))
    golden = Path(__file__).parent / "golden" / f"{preset}.png"
    if os.environ.get("BTSCLIP_GOLDEN"):
        Image.fromarray(small.round().astype(np.uint8)).save(golden)
    expected = np.asarray(Image.open(golden)).astype(float)
    differs = np.abs(small - expected)
    # Another version of libass may move an edge by a pixel.
    assert differs.mean() < 0.5 and (differs > 40).mean() < 0.002


def test_braces_and_backslashes_are_drawn(tmp_path: Path) -> None:
    plain = draw_text("salt", "moment", "honest-kitchen", tmp_path)
    braces = draw_text(r"{\b1}salt\N", "moment", "honest-kitchen", tmp_path)
    assert np.ptp(np.nonzero(braces)[1]) > 1.5 * np.ptp(np.nonzero(plain)[1])
    assert np.ptp(np.nonzero(braces)[0]) < 1.6 * np.ptp(np.nonzero(plain)[0])


@pytest.mark.parametrize(
    "text",
    [
        "AVATAR Tofu, fluffy", "خبز طازج من الفرن", "לחם טרי", "Свежий хлеб", "Φρέσκο ψωμί",
        "Bánh mì ẵm", "خبز sourdough 24h",
    ],
)  # fmt: skip
def test_line_has_the_width_of_its_layout(text: str, tmp_path: Path) -> None:
    """The rest is the side bearings of the letters and the outline."""
    look = load_preset("honest-kitchen")
    block = layout_caption(Caption(text=text, start=0, end=4, role="hook"), look)
    _, columns = np.nonzero(draw_text(text, "hook", "honest-kitchen", tmp_path))
    assert len(block.lines) == 1
    edge = 2 * look.captions.hook_style.outline_width * HEIGHT
    assert columns.max() - columns.min() - edge == pytest.approx(block.widths[0], abs=12)
