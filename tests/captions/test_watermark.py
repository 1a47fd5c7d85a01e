"""The logo and the handle: in their corner of the safe box, and never under another text."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from btsclip.captions.comment import set_comment
from btsclip.captions.layout import Block, layout_captions, mark_blocks, meet
from btsclip.captions.placement import BusyArea, place_captions
from btsclip.captions.safezones import safe_box
from btsclip.captions.stickers import CORNERS, place_sticker
from btsclip.captions.title import title_of
from btsclip.captions.watermark import MAX_HEIGHT, Mark, mark_of
from btsclip.errors import PresetError
from btsclip.plan.texts import Caption, Comment
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

BASE = load_preset("honest-kitchen")
RED = (200, 40, 40, 255)


@pytest.fixture(scope="module")
def logo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A red square."""
    path = tmp_path_factory.mktemp("logo") / "logo.png"
    Image.new("RGBA", (200, 200), RED).save(path)
    return path


def look(**watermark: object) -> Preset:
    mark = BASE.watermark.model_copy(update=watermark)
    return BASE.model_copy(update={"watermark": mark})


def pixels(mark: Mark) -> np.ndarray:
    with Image.open(io.BytesIO(mark.png)) as picture:
        assert picture.size == (mark.width, mark.height)
        return np.asarray(picture.convert("RGBA")).astype(int)


def drawn(preset: Preset) -> Mark:
    mark = mark_of(preset)
    assert mark
    return mark


def test_no_logo_and_no_handle_is_no_watermark() -> None:
    assert mark_of(look()) is None and mark_blocks(look()) == []


@pytest.mark.parametrize("place", CORNERS)
@pytest.mark.parametrize("handle", ["", "@anas_bread"])
def test_watermark_is_in_its_corner(place: str, handle: str, logo: Path) -> None:
    mark = drawn(look(image=str(logo), handle=handle, place=place))
    left, top, right, bottom = safe_box(BASE.output)
    assert (mark.x == left) if place.endswith("left") else (mark.x + mark.width == right)
    assert (mark.y == top) if place.startswith("top") else (mark.y + mark.height == bottom)
    # The logo is in the corner, the handle beside it.
    side = round(BASE.watermark.width * BASE.output.width)
    picture = pixels(mark)
    inner = picture[:, :side] if place.endswith("left") else picture[:, -side:]
    assert np.abs(inner[4:-4, 4:-4, :3] - RED[:3]).max() <= 2
    assert mark.width == side if not handle else mark.width > side + 150


def test_handle_alone_is_light_letters_with_a_dark_outline() -> None:
    picture = pixels(drawn(look(handle="@anas_bread", opacity=1.0)))
    solid = picture[picture[..., 3] > 250][:, :3]
    assert (solid.min(1) > 240).sum() > 300 and (solid.max(1) < 40).sum() > 300


def test_opacity_is_that_of_logo_and_handle(logo: Path) -> None:
    for opacity in (1.0, 0.5):
        alpha = pixels(drawn(look(image=str(logo), handle="@a", opacity=opacity)))[..., 3]
        assert alpha.max() == round(255 * opacity)


@pytest.mark.parametrize(
    "handle", ["@a", "@" + "W" * 30, "@anas.bread-1_2", "@Хлеб", "@おいしいパン"]
)
def test_every_handle_is_inside_the_safe_box(handle: str, logo: Path) -> None:
    left, top, right, bottom = safe_box(BASE.output)
    for preset in (look(handle=handle), look(handle=handle, image=str(logo), width=0.6)):
        mark = drawn(preset)
        assert mark.x >= left and mark.x + mark.width <= right
        assert mark.height <= MAX_HEIGHT * (bottom - top)
        picture = pixels(mark)
        edges = (picture[0], picture[-1]) if not preset.watermark.image else ()
        assert all(edge[..., 3].max() == 0 for edge in edges), "no letter is cut off"


def test_changed_logo_is_drawn_again(tmp_path: Path) -> None:
    preset = look(image=str(tmp_path / "logo.png"), opacity=1.0)
    for color in (RED, (20, 40, 200, 255)):
        Image.new("RGBA", (50, 50), color).save(tmp_path / "logo.png")
        assert pixels(drawn(preset))[20, 20, :3].tolist() == list(color[:3])


def test_lost_logo_is_named(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"gone\.png: no such file"):
        mark_of(look(image=str(tmp_path / "gone.png"), handle="@a"))


def test_cover_has_no_watermark_to_avoid(logo: Path) -> None:
    preset = look(image=str(logo), place="top-left", width=0.6)
    title = title_of("Sunday bread", preset)
    assert title and mark_of(title.preset) is None


def clear(block: Block, mark: Block) -> bool:
    """Whether a block is clear of the watermark, to less than a pixel."""
    return not meet(block, mark) or min(
        abs(block.y + block.height - mark.y), abs(mark.y + mark.height - block.y)
    ) < 1  # fmt: skip


words = st.lists(
    st.sampled_from(["dough", "a", "folded", "twice,", "rest", "Overnight"]), min_size=1
)
texts = st.builds(" ".join, words.filter(lambda some: len(" ".join(some)) < 60))
boxes = st.tuples(*[st.floats(0.05, 0.95)] * 2, *[st.floats(0.02, 0.6)] * 2)
busy_areas = st.lists(st.builds(BusyArea, st.just(0.0), st.just(8.0), boxes), max_size=3)


@settings(max_examples=60, deadline=None)
@given(texts, texts, st.sampled_from(CORNERS), st.floats(0.02, 0.6), busy_areas)
def test_no_text_ever_covers_the_watermark(
    logo: Path, hook: str, line: str, place: str, width: float, busy: list[BusyArea]
) -> None:
    preset = look(image=str(logo), handle="@anas_bread", place=place, width=width)
    captions = [
        Caption(text=hook, start=0, end=3, role="hook"),
        Caption(text=line, start=0.4, end=6),
        Caption(text="Ana\nBaker", start=4, end=8, role="person"),
    ]
    (mark,) = mark_blocks(preset)
    for shown in (captions, place_captions(captions, preset, busy)):
        for block in layout_captions(shown, preset):
            assert clear(block, mark)
    sticker = Caption(text="🔥", start=0, end=3, role="sticker")
    stuck = place_sticker(sticker, layout_captions(captions, preset), preset, "top-left")
    as_block = mark.__class__(
        sticker, mark.style, (), (), 0, stuck.x, stuck.y, stuck.width, stuck.height, 0, 0
    )
    assert clear(as_block, mark)
    comment = set_comment(Comment(text=hook, author="mia", start=0, end=3), preset)
    assert clear(comment.block, mark)


def test_short_text_stands_beside_the_watermark(logo: Path) -> None:
    preset = look(image=str(logo), place="top-left", width=0.05)
    (block,) = layout_captions([Caption(text="Hi", start=0, end=3, role="hook")], preset)
    assert block.y == safe_box(BASE.output)[1]


def test_text_that_was_moved_into_the_corner_moves_out_again(logo: Path) -> None:
    """As in a plan that was made without the logo."""
    preset = look(image=str(logo), place="bottom-right", width=0.3)
    low = Caption(text="This is how it's made", start=0, end=3, role="hook", y=0.63)
    (block,) = layout_captions([low], preset)
    (mark,) = mark_blocks(preset)
    assert clear(block, mark) and block.y + block.height < mark.y
