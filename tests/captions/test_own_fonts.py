"""Fonts of the user: a shipped font with a letter that no shipped font has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from caption_drawing import caption, clip_of, draw, look
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


def write_font(folder: Path, family: str = FAMILY, name: str = "it's [mine].ttf") -> Path:
    with TTFont(FONTS / "Anton-Regular.ttf") as file:
        for table in file["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(LETTER)] = table.cmap[ord("A")]
        for record in (1, 4, 6):
            file["name"].setName(family, record, 3, 1, 0x409)
        file.save(folder / name)
    return folder / name


def test_own_font_draws_characters_that_others_lack(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match="--font"):
        check_text(LETTER, look())
    added = use_font(write_font(tmp_path))
    assert (added.family, added.variable) == (FAMILY, False)
    assert split_by_font(f"{LETTER}a", "Inter") == ((font(FAMILY), LETTER), (font("Inter"), "a"))
    style = look(fade=0.0)
    thai, latin = (draw(clip_of(caption(text)), style, tmp_path) for text in (f"{LETTER}bc", "Abc"))
    assert np.abs(thai - latin).max(-1).mean() < 0.05


def test_own_font_named_in_a_preset_draws_all_text(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match=r"no such font family.*--font FILE"):
        check_text("Abc", look(font=FAMILY))
    use_font(write_font(tmp_path))
    own, anton = (
        draw(clip_of(caption("Abc 麺 🍞")), look(font=name, fade=0.0), tmp_path)
        for name in (FAMILY, "Anton")
    )
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_own_font_replaces_a_shipped_namesake(tmp_path: Path) -> None:
    use_font(write_font(tmp_path, "Inter"))
    assert LETTER and ord(LETTER) in known_fonts()["Inter"].characters
    own = draw(clip_of(caption("Abc")), look(font="Inter", fade=0.0), tmp_path)
    anton = draw(clip_of(caption("Abc")), look(font="Anton", fade=0.0), tmp_path)
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_folder_has_all_fonts_even_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fonts_folder(tmp_path) == FONTS
    use_font(write_font(tmp_path))

    def refused(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    folder = fonts_folder(tmp_path)
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in FONTS.glob("*.ttf")} | {"own0.ttf"}
    assert (folder / "Inter-Bold.ttf").read_bytes() == (FONTS / "Inter-Bold.ttf").read_bytes()


def test_first_face_of_a_collection_is_used(tmp_path: Path) -> None:
    collection = TTCollection()
    faces = [TTFont(write_font(tmp_path)), TTFont(FONTS / "Inter-Bold.ttf")]
    collection.fonts = faces
    collection.save(tmp_path / "two.ttc")
    assert use_font(tmp_path / "two.ttc").family == FAMILY
    style = look(font=FAMILY, fade=0.0)
    own = draw(clip_of(caption("Abc")), style, tmp_path)
    anton = draw(clip_of(caption("Abc")), look(fade=0.0), tmp_path)
    assert np.abs(own - anton).max(-1).mean() < 0.05


def test_variable_font_is_reported(tmp_path: Path) -> None:
    path = write_font(tmp_path)
    with TTFont(path) as file:
        FontBuilder(font=file).setupFvar([("wght", 100, 400, 900, "Weight")], [])
        file.save(tmp_path / "variable.ttf")
    assert use_font(tmp_path / "variable.ttf").variable


def test_files_that_are_not_fonts_are_refused_by_name(tmp_path: Path) -> None:
    complete = write_font(tmp_path).read_bytes()
    (tmp_path / "cut.ttf").write_bytes(complete[:80_000])
    (tmp_path / "junk.otf").write_bytes(b"junk" * 50)
    (tmp_path / "empty.ttf").write_bytes(b"")
    (tmp_path / "a.woff").write_bytes(complete)
    causes = {
        "cut.ttf": "cut short", "junk.otf": "not a readable font",
        "empty.ttf": "not a readable font", "a.woff": "not a font file",
        "gone.ttf": "No such file",
    }  # fmt: skip
    for name, cause in causes.items():
        with pytest.raises(CaptionError, match=cause) as raised:
            use_font(tmp_path / name)
        assert name in str(raised.value) and raised.value.cure
    assert "Noto" not in next(iter(known_fonts()))
