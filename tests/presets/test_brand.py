"""A brand.toml: read with its faults named, and laid over every preset."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from btsclip.errors import PresetError
from btsclip.presets.brand import Brand, BrandColors, apply_brand, faint_texts, read_brand
from btsclip.presets.colors import BLACK, MIN_CONTRAST, WHITE, contrast
from btsclip.presets.load import load_preset, preset_names
from btsclip.presets.schema import Preset
from btsclip.presets.texts import TextStyle

WHOLE = """
handle = "@anas_bread"
font = "Anton"
avoid = ["yummy", " game  changer "]
[colors]
text = "#FFFFFF"
outline = "#20303A"
accent = "#D65430"
[logo]
image = "logo.png"
place = "bottom-left"
width = 0.2
opacity = 0.6
"""


def write(folder: Path, text: str) -> Path:
    Image.new("RGBA", (20, 10), (255, 0, 0, 120)).save(folder / "logo.png")
    path = folder / "brand.toml"
    path.write_text(text, "utf-8")
    return path


def styles_of(preset: Preset) -> list[TextStyle]:
    return [value for _, value in preset.captions if isinstance(value, TextStyle)]


@pytest.mark.parametrize("name", list(preset_names()))
def test_brand_goes_over_every_preset(name: str, tmp_path: Path) -> None:
    preset = load_preset(name)
    branded = apply_brand(preset, read_brand(write(tmp_path, WHOLE)))
    for style in styles_of(branded):
        assert (style.font, style.colour, style.accent) == ("Anton", "#FFFFFF", "#D65430")
        assert style.outline == "#20303A" and style.box in (None, "#20303A")
    assert branded.captions.comment_style.font == "Anton"
    assert branded.captions.avoid == ("yummy", "game changer")
    assert branded.watermark.model_dump() == {
        "image": str(tmp_path / "logo.png"), "place": "bottom-left", "width": 0.2, "opacity": 0.6,
        "handle": "@anas_bread",
    }  # fmt: skip
    for before, after in zip(styles_of(preset), styles_of(branded), strict=True):
        assert (after.size, after.place, after.effect) == (before.size, before.place, before.effect)
    same = ("count", "output", "length", "sound", "pacing", "framing", "cover", "end_card")
    assert all(getattr(branded, key) == getattr(preset, key) for key in same)
    assert branded.captions.hooks == preset.captions.hooks


@pytest.mark.parametrize("name", list(preset_names()))
def test_empty_brand_changes_nothing(name: str) -> None:
    assert apply_brand(load_preset(name), Brand()) == load_preset(name)


def test_logo_is_only_a_name_or_a_table(tmp_path: Path) -> None:
    short = read_brand(write(tmp_path, 'logo = "logo.png"'))
    assert short.logo.image == str(tmp_path / "logo.png") and short.logo.place == "top-left"
    alone = apply_brand(
        Preset(), read_brand(write(tmp_path, 'handle = "@a"\n[logo]\nplace = "top-right"'))
    )
    assert (alone.watermark.image, alone.watermark.place) == ("", "top-right")


def test_handle_stands_beside_the_logo_of_the_preset() -> None:
    preset = Preset.model_validate({"watermark": {"image": "own.png", "place": "bottom-left"}})
    mark = apply_brand(preset, Brand(handle="@ana")).watermark
    assert (mark.image, mark.place, mark.handle) == ("own.png", "bottom-left", "@ana")


def test_font_file_is_found_beside_the_brand(tmp_path: Path) -> None:
    assert read_brand(write(tmp_path, 'font = "My.TTF"')).font == str(tmp_path / "My.TTF")
    assert read_brand(write(tmp_path, 'font = "Inter"')).font == "Inter"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('colours = "#FFFFFF"', r"brand\.toml:1: unknown key colours; did you mean colors\?"),
        ('[colors]\n\ntxt = "#FFFFFF"', r":3: unknown key colors\.txt; did you mean text\?"),
        ("size = 3", r":1: unknown key size; the known keys are avoid, colors, font, handle, logo"),
        ('[colors]\ntext = "white"', r":2: colors\.text: 'white' is not a color; write \"#RRGGBB"),
        ('handle = "@a"\nlogo = "none.png"', r":2: logo: .*none\.png: no such file; check its"),
        ('[logo]\nwidth = 0.2\nimage = "brand.toml"', r":3: logo: .* is a text, not a PNG or JPEG"),
        ("[logo]\nwidth = 0.2", r":1: logo: no image is named; add image"),
        ('[logo]\nimage = "logo.png"\nplace = "left"', r":3: logo\.place: .*did you mean top-left"),
        (
            '[logo]\nimage = "logo.png"\nhandle = "a"',
            r":3: unknown key logo\.handle; move it above",
        ),
        (f'handle = "@{"a" * 31}"', r":1: handle: has 31 letters, more than 30"),
        ('handle = "@ana bread"', r":1: handle: may hold letters, digits, dots"),
        ('handle = "@"', r":1: handle: may hold letters"),
        ('avoid = "yummy"', r":1: avoid: must be a list; write it in \[ \]"),
        ('avoid = ["yummy", "  "]', r":1: avoid\.1: is empty"),
        ("handle = ana", r":1: is not TOML"),
    ],
)
def test_fault_is_named_with_line_and_cure(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=says):
        read_brand(write(tmp_path, text))


def test_missing_brand_is_named(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match=r"brand\.toml: no such file"):
        read_brand(tmp_path / "brand.toml")


colors = st.none() | st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(preset_names())), colors, colors, colors, colors)
def test_texts_can_be_read_unless_the_brand_itself_says_otherwise(
    name: str, text: str | None, outline: str | None, box: str | None, accent: str | None
) -> None:
    wanted = BrandColors(text=text, outline=outline, box=box, accent=accent)
    preset = load_preset(name)
    branded = apply_brand(preset, Brand(colors=wanted))
    for before, style in zip(styles_of(preset), styles_of(branded), strict=True):
        own = {before.colour, before.outline, before.box, BLACK, WHITE}
        assert style.colour == text or (text is None and style.colour in own)
        assert style.outline == outline or (outline is None and style.outline in own)
        assert style.box == (box or style.box) and (style.box is None) <= (before.box is None)
        if text is None or (outline is None and box is None):
            assert contrast(style.colour, style.box or style.outline) >= MIN_CONTRAST
    if not wanted.text:
        assert not faint_texts(branded)


def test_faint_colors_are_warned_about() -> None:
    faint = apply_brand(Preset(), Brand(colors=BrandColors(text="#EEEEEE", box="#FFFFFF")))
    (warning,) = faint_texts(faint)
    assert warning == "text in #EEEEEE on #FFFFFF is hard to read; choose colors that differ more"
