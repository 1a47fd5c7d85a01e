"""The cover in pixels: a complete title in the safe box, over its still."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from media import Media
from PIL import Image
from quick import mostly_slow
from result import PRESET, plan_of

from btsclip.captions.layout import Block, layout_captions
from btsclip.captions.safezones import cover_rows, safe_box
from btsclip.captions.title import Title, TitlePosition, title_of
from btsclip.errors import CaptionError
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Output, Preset
from btsclip.render import cards, render

FULL = Preset(output=Output(width=540, height=960))
GROUND = (90, 60, 40)
GOLDEN = Path(__file__).parent / "golden"
SMALLER = 8


def look(name: str) -> Preset:
    return load_preset(name).model_copy(update={"output": FULL.output})


def block_of(title: Title) -> Block:
    (block,) = layout_captions(title.clip.captions, title.preset)
    return block


def cover(
    text: str, folder: Path, preset: Preset = FULL, spot: TitlePosition | None = None
) -> np.ndarray:
    """The cover of a still of one color, (height, width, 3)."""
    size = preset.output.width, preset.output.height
    Image.new("RGB", size, GROUND).save(folder / "still.png")
    title = title_of(text, preset, spot or TitlePosition())
    cards.make_cover(folder / "still.png", title, folder / "cover.jpg")
    with Image.open(folder / "cover.jpg") as image:
        assert (image.format, image.size) == ("JPEG", size)
        return np.asarray(image).astype(int)


def changed(shown: np.ndarray) -> np.ndarray:
    return np.abs(shown - GROUND).max(axis=2) > 40


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", mostly_slow(["honest-kitchen", "street-food-fast", "chef-portrait"], "chef-portrait")
)
@pytest.mark.parametrize(
    "title",
    [
        "Dough",
        "How the dough comes together by hand, and then by hand again " * 9,
        "عجن العجين باليد",
        "Süß & crème",
        "今天我们手工和面" * 12,
        "Donaudampfschifffahrtskapitänskajütenbrot" * 2,
    ],
)
def test_title_is_in_the_safe_box(title: str, name: str, tmp_path: Path) -> None:
    rows, columns = changed(cover(title, tmp_path, look(name))).nonzero()
    x0, _, x1, _ = safe_box(FULL.output)
    y0, y1 = cover_rows(FULL.output)
    assert len(rows) > 200, "something is drawn"
    assert x0 <= columns.min() and columns.max() < x1
    assert y0 <= rows.min() and rows.max() < y1


@pytest.mark.parametrize("title", ["", "  ", "\u200d\u200d"])
def test_blank_title_draws_nothing(title: str, tmp_path: Path) -> None:
    assert np.abs(cover(title, tmp_path) - GROUND).max() < 10


def test_emoji_are_drawn_in_color(tmp_path: Path) -> None:
    shown = cover("Jam 🍓 today", tmp_path)
    red = (shown[..., 0] > 180) & (shown[..., 1] < 90) & (shown[..., 2] < 110)
    rows, columns = red.nonzero()
    block = block_of(title_of("Jam 🍓 today", FULL) or pytest.fail())
    assert red.sum() > 0.2 * block.size**2
    # In its gap between the words: nothing else is red.
    assert columns.max() - columns.min() < 1.3 * block.size
    assert block.y < rows.min() and rows.max() < block.y + block.height


def test_title_of_mixed_scripts_is_complete(tmp_path: Path) -> None:
    text = "自家製 bread خبز"
    block = block_of(title_of(text, FULL) or pytest.fail())
    assert "".join(block.lines).replace(" ", "") == text.replace(" ", "")
    drawn = changed(cover(text, tmp_path))
    for row, width in enumerate(block.widths):
        top = block.y + block.baseline + row * block.leading - 0.8 * block.size
        columns = drawn[round(top) : round(top + block.size)].any(0).nonzero()[0]
        assert columns.max() - columns.min() == pytest.approx(width, abs=0.2 * block.size)
        assert np.diff(columns).max() < 0.5 * block.size, "no word is missing in the middle"


def test_box_has_the_color_of_the_preset(tmp_path: Path) -> None:
    shown = cover("Up and over", tmp_path, look("street-food-fast"))
    yellow = np.abs(shown - (0xFF, 0xD2, 0x3F)).max(-1) < 8
    block = block_of(title_of("Up and over", look("street-food-fast")) or pytest.fail())
    assert yellow.sum() > 0.4 * block.width * block.height
    dark = shown.max(-1) < 50
    assert dark.sum() > 500, "the letters on it"


def test_translucent_colors_have_their_opacity(tmp_path: Path) -> None:
    """Only the box #101418D9 is above the letters."""
    preset = look("chef-portrait")
    block = block_of(title_of("xxxx", preset) or pytest.fail())
    shown = cover("xxxx", tmp_path, preset)
    spot = shown[round(block.y) + 4 : round(block.y) + 8, round(block.x) - 8 : round(block.x) + 8]
    alpha = 0xD9 / 255
    expected = [
        b * alpha + g * (1 - alpha) for b, g in zip((0x10, 0x14, 0x18), GROUND, strict=True)
    ]
    assert spot.mean((0, 1)) == pytest.approx(expected, abs=3)


def test_white_is_white_and_edges_have_no_fringe(tmp_path: Path) -> None:
    shown = cover("Dough", tmp_path)
    assert shown.max() >= 253
    # Between the brown ground and the dark outline no pixel is brighter than the ground.
    rows, columns = changed(shown).nonzero()
    edge = shown[rows.min() - 3 : rows.min() + 1, columns.min() : columns.max()]
    assert (edge.max(-1) < max(GROUND) + 20).all()


@pytest.mark.parametrize("name", ["honest-kitchen", "street-food-fast"])
def test_cover_matches_the_golden_picture(name: str, tmp_path: Path) -> None:
    """The golden pictures are small and were approved by people; BTSCLIP_GOLDEN=1 redraws them."""
    shown = cover("Flour 🌾, water, time ⏳", tmp_path, look(name))
    height, width = shown.shape[0] // SMALLER, shown.shape[1] // SMALLER
    small = shown[: height * SMALLER, : width * SMALLER]
    small = small.reshape(height, SMALLER, width, SMALLER, 3).mean((1, 3))
    golden = GOLDEN / f"cover-{name}.png"
    if os.environ.get("BTSCLIP_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        Image.fromarray(small.round().astype(np.uint8)).save(golden)
    differs = np.abs(small - np.asarray(Image.open(golden)).astype(float)).max(-1)
    assert differs.mean() < 0.5 and (differs > 40).mean() < 0.002


@pytest.mark.slow
def test_title_position_of_the_plan_is_used(media: Media, tmp_path: Path) -> None:
    """Small in the lower half instead of large at the top."""
    caption = Caption(text="Dough", start=0, end=1)
    spots = {}
    for name, changes in {
        "none": {"title": ""},
        "usual": {"title": "Dough"},
        "edited": {"title": "Dough, edited", "title_y": 0.55, "title_scale": 0.8},
    }.items():
        plan = plan_of(media("one_second.mp4"), captions=[caption], cover=0.1, **changes)
        made = render(plan, PRESET, tmp_path / name)[0]
        with Image.open(made.cover) as picture:
            spots[name] = np.asarray(picture).astype(int)
    rows = {
        name: (np.abs(spots[name] - spots["none"]).max(-1) > 60).nonzero()[0]
        for name in ("usual", "edited")
    }
    top = cover_rows(PRESET.output)[0]
    assert top <= rows["usual"].min() and rows["usual"].max() < top + 0.2 * PRESET.output.height
    middle = (rows["edited"].min() + rows["edited"].max()) / 2
    assert middle / PRESET.output.height == pytest.approx(0.55, abs=0.03)
    assert np.ptp(rows["edited"]) < 0.7 * np.ptp(rows["usual"])


def test_title_without_a_font_stops_the_render_before_it_starts(
    media: Media, tmp_path: Path
) -> None:
    caption = Caption(text="Dough", start=0, end=1)
    plan = plan_of(media("one_second.mp4"), title="Dough ก", captions=[caption])
    with pytest.raises(CaptionError, match=r"title 'Dough ก'.*no font has ก"):
        render(plan, PRESET, tmp_path / "a")
    assert not (tmp_path / "a").exists()
