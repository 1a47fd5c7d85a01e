"""Fonts of the user's own, made here from a shipped one with a letter that no shipped font has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from captioned import caption, clip_of, drawn, look
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTCollection, TTFont

from btsclip.captions import FONTS, check_text, fonts_folder, use_font
from btsclip.captions.fonts import font, forget_added_fonts, known_fonts, split_by_font
from btsclip.errors import CaptionError

# Thai, drawn as a Latin A.
LETTER = "ก"
FAMILY = "My, {odd} \\font"


@pytest.fixture(autouse=True)
def only_shipped() -> Iterator[None]:
    forget_added_fonts()
    yield
    forget_added_fonts()


def made(folder: Path, family: str = FAMILY, name: str = "it's [mine].ttf") -> Path:
    with TTFont(FONTS / "Anton-Regular.ttf") as file:
        for table in file["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(LETTER)] = table.cmap[ord("A")]
        for record in (1, 4, 6):
            file["name"].setName(family, record, 3, 1, 0x409)
        file.save(folder / name)
    return folder / name


def test_it_serves_where_others_lack_a_character(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match="--font"):
        check_text(LETTER, look())
    added = use_font(made(tmp_path))
    assert (added.family, added.variable) == (FAMILY, False)
    assert split_by_font(f"{LETTER}a", "Inter") == ((font(FAMILY), LETTER), (font("Inter"), "a"))
    style = look(fade=0.0)
    thai, latin = (
        drawn(clip_of(caption(text)), style, tmp_path) for text in (f"{LETTER}bc", "Abc")
    )
    assert np.abs(thai - latin).max(-1).mean() < 0.05


def test_named_in_a_preset_it_draws_everything(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match=r"no such font family.*--font FILE"):
        check_text("Abc", look(font=FAMILY))
    use_font(made(tmp_path))
    own, anton = (
        drawn(clip_of(caption("Abc 麺 🍞")), look(font=name, fade=0.0), tmp_path)
        for name in (FAMILY, "Anton")
    )
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_a_namesake_of_a_shipped_font_goes_before_it(tmp_path: Path) -> None:
    use_font(made(tmp_path, "Inter"))
    assert LETTER and ord(LETTER) in known_fonts()["Inter"].characters
    own = drawn(clip_of(caption("Abc")), look(font="Inter", fade=0.0), tmp_path)
    anton = drawn(clip_of(caption("Abc")), look(font="Anton", fade=0.0), tmp_path)
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_the_folder_holds_all_fonts_also_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fonts_folder(tmp_path) == FONTS
    use_font(made(tmp_path))

    def refused(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    folder = fonts_folder(tmp_path)
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in FONTS.glob("*.ttf")} | {"own0.ttf"}
    assert (folder / "Inter-Bold.ttf").read_bytes() == (FONTS / "Inter-Bold.ttf").read_bytes()


def test_of_a_collection_the_first_face_is_taken(tmp_path: Path) -> None:
    collection = TTCollection()
    faces = [TTFont(made(tmp_path)), TTFont(FONTS / "Inter-Bold.ttf")]
    collection.fonts = faces
    collection.save(tmp_path / "two.ttc")
    assert use_font(tmp_path / "two.ttc").family == FAMILY
    style = look(font=FAMILY, fade=0.0)
    own = drawn(clip_of(caption("Abc")), style, tmp_path)
    anton = drawn(clip_of(caption("Abc")), look(fade=0.0), tmp_path)
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_a_variable_font_is_said_to_be_one(tmp_path: Path) -> None:
    path = made(tmp_path)
    with TTFont(path) as file:
        FontBuilder(font=file).setupFvar([("wght", 100, 400, 900, "Weight")], [])
        file.save(tmp_path / "variable.ttf")
    assert use_font(tmp_path / "variable.ttf").variable


def test_what_is_no_font_is_refused_with_its_name(tmp_path: Path) -> None:
    whole = made(tmp_path).read_bytes()
    (tmp_path / "cut.ttf").write_bytes(whole[:80_000])
    (tmp_path / "junk.otf").write_bytes(b"junk" * 50)
    (tmp_path / "empty.ttf").write_bytes(b"")
    (tmp_path / "a.woff").write_bytes(whole)
    says = {
        "cut.ttf": "cut short", "junk.otf": "no font", "empty.ttf": "no font",
        "a.woff": "no font file", "gone.ttf": "No such file",
    }  # fmt: skip
    for name, cause in says.items():
        with pytest.raises(CaptionError, match=cause) as raised:
            use_font(tmp_path / name)
        assert name in str(raised.value) and raised.value.cure
    assert "Noto" not in next(iter(known_fonts()))
