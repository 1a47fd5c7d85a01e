"""Warnings about a look that can be made, but probably not as it was meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from PIL import Image

from btsclip.captions import FONTS, forget_added_fonts
from btsclip.captions.fonts import font, split_by_font
from btsclip.captions.look import look_warnings
from btsclip.errors import CaptionError
from btsclip.presets.brand import Brand, BrandLogo, apply_brand
from btsclip.presets.load import load_preset, preset_names

LOOK = load_preset("honest-kitchen")


@pytest.fixture(autouse=True)
def only_shipped() -> Iterator[None]:
    forget_added_fonts()
    yield
    forget_added_fonts()


def few_letters(folder: Path) -> Path:
    """A font with the small letters from a to y only."""
    path = folder / "few.ttf"
    with TTFont(FONTS / "Anton-Regular.ttf") as file:
        subset = Subsetter()
        subset.populate(text="abcdefghijklmnopqrstuvwxy ")
        subset.subset(file)
        file.save(path)
    return path.resolve()


@pytest.mark.parametrize("name", list(preset_names()))
def test_built_in_presets_have_no_warnings(name: str) -> None:
    assert look_warnings(load_preset(name), None) == []


def test_logo_without_transparency_is_warned_about(tmp_path: Path) -> None:
    for name, opaque in (("a.jpg", True), ("b.png", True), ("c.png", False)):
        mode = "RGB" if opaque else "RGBA"
        Image.new(mode, (20, 20), "#D65430" if opaque else (9, 9, 9, 0)).save(tmp_path / name)
        logo = BrandLogo(image=str(tmp_path / name))
        warnings = look_warnings(apply_brand(LOOK, Brand(logo=logo)), None)
        assert len(warnings) == opaque
        assert all(f"{name} has no transparency, so it is shown with" in w for w in warnings)


def test_letters_that_the_font_lacks_are_named(tmp_path: Path) -> None:
    name = str(few_letters(tmp_path))
    warnings = look_warnings(apply_brand(LOOK, Brand(font=name, handle="@zoé")), "so good")
    (warning,) = [text for text in warnings if text.startswith(name)]
    assert "another font draws those words; choose a font that has them" in warning
    assert "and others" in warning and "U+" in warning
    plain = apply_brand(LOOK, Brand(font=str((FONTS / "Anton-Regular.ttf").resolve())))
    assert look_warnings(plain, "so good") == []


def test_font_file_is_used_by_its_path_in_every_process(tmp_path: Path) -> None:
    name = str(few_letters(tmp_path))
    ((first, run), *rest) = split_by_font("fold Zest", name)
    assert (str(first.path), run) == (name, "fold ") and rest
    forget_added_fonts()
    assert font(name).family == "Anton"
    with pytest.raises(CaptionError, match=r"gone\.ttf: can't be read"):
        font(str(tmp_path / "gone.ttf"))


def test_avoided_word_in_the_users_hook_is_warned_about_and_stays() -> None:
    preset = apply_brand(LOOK, Brand(avoid=("yummy", "so good")))
    (warning,) = look_warnings(preset, "YUMMY bread, yummyness, so good")
    assert warning == (
        "the hook 'YUMMY bread, yummyness, so good' says 'yummy' and 'so good', "
        "which your brand avoids; reword it"
    )
    assert look_warnings(preset, "yummyness") == []
