"""The title of the cover: its size, its cuts and its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from btsclip.captions.layout import Block, layout_caption, layout_captions
from btsclip.captions.placement import BusyArea, covered_share
from btsclip.captions.safezones import cover_rows, safe_box
from btsclip.captions.title import (
    ELLIPSIS,
    MAX_SCALE,
    MIN_CLEAR_SCALE,
    TitlePosition,
    cover_text,
    place_title,
    title_of,
    title_room,
)
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Cover, Output, Preset
from btsclip.presets.texts import HookStyle

KITCHEN = load_preset("honest-kitchen")
HOOK = layout_caption(Caption(text="Dough", start=0, end=1, role="hook"), KITCHEN)


def block_of(text: str, preset: Preset = KITCHEN, position: TitlePosition | None = None) -> Block:
    title = title_of(text, preset, position or TitlePosition())
    assert title
    (block,) = layout_captions(title.clip.captions, title.preset)
    return block


def with_hook_style(**changes: object) -> Preset:
    style = HookStyle.model_validate(changes)
    return KITCHEN.model_copy(
        update={"captions": KITCHEN.captions.model_copy(update={"hook_style": style})}
    )


def test_short_title_is_larger_than_the_hook_and_at_the_top_of_the_square() -> None:
    block = block_of("Dough")
    assert block.size == pytest.approx(MAX_SCALE * HOOK.size)
    assert HOOK.y < block.y == pytest.approx((1920 - 1080) / 2)
    assert block.style.outline_width == pytest.approx(MAX_SCALE * HOOK.style.outline_width)


def test_longer_title_is_smaller_and_complete() -> None:
    text = "How the dough comes together by hand, slowly, on a Sunday morning"
    block = block_of(text)
    assert " ".join(block.lines) == text
    assert 0.7 * HOOK.size <= block.size < MAX_SCALE * HOOK.size


def test_title_that_does_not_fit_is_cut_at_a_word() -> None:
    text = "fold it over and over and over again " * 30
    title = " ".join(block_of(text).lines)
    assert title.endswith(ELLIPSIS) and text.startswith(title[:-1])
    assert title[:-1].split()[-1] in text.split()
    assert block_of(text).size >= 0.69 * HOOK.size


def test_endless_word_is_cut_between_letters() -> None:
    title = "".join(block_of("a" * 400).lines)
    assert title.endswith(ELLIPSIS) and set(title[:-1]) == {"a"} and len(title) > 40


def test_title_that_fits_as_a_hook_is_never_cut() -> None:
    text = "Donaudampfschifffahrtskapitänsmützenbrotbackofenbetreiber"
    layout_caption(Caption(text=text, start=0, end=1, role="hook"), KITCHEN)
    assert "".join(block_of(text).lines) == text


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(codec="latin-1") | st.sampled_from("粉面خبز🌾⏳ "), max_size=200),
    st.sampled_from(["honest-kitchen", "street-food-fast", "brand-minimal"]),
    st.none() | st.floats(0, 1),
)
def test_any_title_is_in_the_safe_box_and_the_square(text: str, name: str, y: float | None) -> None:
    preset = load_preset(name)
    title = title_of(text, preset, TitlePosition(y=y))
    if title is None:
        return
    (block,) = layout_captions(title.clip.captions, title.preset)
    left, top, right, bottom = safe_box(preset.output)
    assert block.x - block.width / 2 >= left - 1 and block.x + block.width / 2 <= right + 1
    assert block.y >= top - 1 and block.y + block.height <= bottom + 1
    above = (preset.output.height - preset.output.width) / 2
    assert block.y >= above - 1 and block.y + block.height <= preset.output.height - above + 1


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        ((1080, 1920), (420, 1248)),
        ((540, 960), (210, 624)),
        ((1080, 1350), (135, 1215)),
        ((1080, 1080), (54, 1026)),
        ((1920, 1080), (54, 1026)),
    ],
)
def test_rows_of_a_cover_lie_in_safe_box_and_square(
    size: tuple[int, int], rows: tuple[int, int]
) -> None:
    assert cover_rows(Output(width=size[0], height=size[1])) == rows


def test_title_of_a_card_may_stand_above_the_square() -> None:
    title = title_of("Dough", KITCHEN, TitlePosition(y=0.15), (270, 1248))
    assert title
    (block,) = layout_captions(title.clip.captions, title.preset)
    assert block.y == pytest.approx(270, abs=1)


@pytest.mark.parametrize(
    ("effect", "color"),
    [("karaoke", "#00FF00"), ("pop", "#FFFFFF"), ("typewriter", "#FFFFFF"), ("slide", "#FFFFFF")],
)
def test_title_has_no_effect(effect: str, color: str) -> None:
    style = block_of("Dough", with_hook_style(effect=effect, accent="#00FF00", start=2.0)).style
    assert (style.effect, style.colour, style.fade) == ("none", color, 0)


def test_title_makes_way_only_if_necessary() -> None:
    assert place_title("Dough", KITCHEN, [BusyArea(3, 4, (0.5, 0.9, 0.4, 0.1))]) == TitlePosition()
    position = place_title("Dough", KITCHEN, [BusyArea(3, 4, (0.5, 0.25, 1.0, 0.2))])
    assert position.scale is None and position.y is not None and position.y > 0.4


def test_title_is_smaller_to_be_clear() -> None:
    text = "Flour, water, time and salt"
    hands = [BusyArea(0, 1, (0.5, y, 1.0, 0.18)) for y in (0.395, 0.5, 0.6)]
    position = place_title(text, KITCHEN, hands)
    assert position.scale is not None and MIN_CLEAR_SCALE <= position.scale < MAX_SCALE
    assert covered_share(block_of(text, KITCHEN, position), hands, KITCHEN) < 0.02
    assert covered_share(block_of(text), hands, KITCHEN) > 0.05


def test_title_stays_large_if_everything_is_busy() -> None:
    everywhere = [BusyArea(0, 1, (0.5, 0.5, 1.0, 1.0))]
    assert place_title("Dough", KITCHEN, everywhere).scale is None


def test_room_for_a_title_is_the_share_that_is_clear() -> None:
    text = "Flour, water, time and salt"
    assert title_room(text, KITCHEN, []) == 1
    assert title_room(text, KITCHEN, [BusyArea(0, 1, (0.5, 0.9, 1.0, 0.2))]) == 1
    assert title_room(text, KITCHEN, [BusyArea(0, 1, (0.5, 0.5, 1.0, 1.0))]) < 0.1


def test_only_clips_with_texts_have_a_title() -> None:
    def clip(*captions: Caption) -> Clip:
        return Clip(
            id="c", kind="process", score=1, why="",
            spans=[Span(source="a", start=0, end=4, layout="fit-blur")],
            title="Dough", captions=list(captions),
        )  # fmt: skip

    line, sticker = (
        Caption(text="a", start=0, end=1),
        Caption(text="🔥", start=0, end=1, role="sticker"),
    )
    without_title = KITCHEN.model_copy(update={"cover": Cover(title=False)})
    assert cover_text(clip(line), KITCHEN) == "Dough"
    assert cover_text(clip(line), without_title) == cover_text(clip(sticker), KITCHEN) == ""
    assert cover_text(clip(), KITCHEN) == ""
    assert place_title("", KITCHEN, []) == TitlePosition()
