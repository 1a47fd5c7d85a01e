"""Pictures that users name in presets and notes are checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_pictures import bomb
from noted import footage
from PIL import Image

from btsclip.captions import watermark_overlay
from btsclip.errors import NotesError, PresetError
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import EndCard
from btsclip.planning.request import ClipRequest, prepare_context
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render.cards import write_end_card
from btsclip.signals.recognize import describe_reference

TOO_LARGE = r"is 30000x30000 pixels, more than 50 million; save it smaller"


def test_pictures_are_checked_before_decoding(tmp_path: Path) -> None:
    path = bomb(tmp_path)
    with pytest.raises(NotesError, match=rf"bomb\.png: {TOO_LARGE}"):
        describe_reference(path)
    for table in ("watermark", "end_card"):
        (tmp_path / "look.toml").write_text(f'[{table}]\nimage = "bomb.png"\n')
        with pytest.raises(PresetError, match=rf"look\.toml:2: {table}\.image: .*{TOO_LARGE}"):
            load_preset(str(tmp_path / "look.toml"))
    # The picture was put there after the preset was read.
    look = Preset.model_validate({name: {"image": str(path)} for name in ("watermark", "end_card")})
    with pytest.raises(PresetError, match=TOO_LARGE):
        watermark_overlay(look, 3.0)
    clip = Clip(
        id="a", kind="process", score=1, why="",
        spans=[Span(source="a", start=0, end=1, layout="fit-blur")],
        end_card=EndCard(seconds=1),
    )  # fmt: skip
    with pytest.raises(PresetError, match=TOO_LARGE):
        write_end_card(clip, look, tmp_path)


def test_picture_of_a_person_is_checked_before_any_work(tmp_path: Path) -> None:
    bomb(tmp_path)
    take = tmp_path / "a.mp4"
    (tmp_path / "shoot.toml").write_text('[[people]]\nname = "Ana"\npicture = "bomb.png"\n')
    with pytest.raises(NotesError, match=TOO_LARGE):
        prepare_context(
            [footage(take)], load_preset("honest-kitchen"), "honest-kitchen", ClipRequest()
        )


@pytest.mark.parametrize("name", ["a\\u0000b.png", "x" * 5000, "loop.png"])
def test_wrong_picture_name_is_reported_with_its_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / "look.toml").write_text(f'[watermark]\nimage = "{name}"\n')
    with pytest.raises(PresetError, match=r"look\.toml:2: watermark\.image: "):
        load_preset(str(tmp_path / "look.toml"))


def test_very_thin_picture_has_no_face(tmp_path: Path) -> None:
    pytest.importorskip("dlib")
    Image.new("RGB", (20000, 5)).save(tmp_path / "thin.png")
    with pytest.raises(NotesError, match="shows no face"):
        describe_reference(tmp_path / "thin.png")
