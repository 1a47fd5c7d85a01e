"""The brand of a shoot: found beside the takes, kept in the plan, and drawn on the clips."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from media import Media
from PIL import Image
from result import pictures
from small_shoot import look, part

from btsclip.captions import FONTS, forget_added_fonts
from btsclip.captions.safezones import safe_box
from btsclip.captions.watermark import mark_of
from btsclip.errors import PresetError
from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.planning.brands import branded, find_brand, load_look, takes_near
from btsclip.planning.clips import make_plan
from btsclip.planning.cut import cut, render_plan
from btsclip.planning.request import ClipRequest, prepare_context
from btsclip.presets.load import load_preset

GREEN = (40, 180, 70)
BRAND = """
handle = "@anas_bread"
font = "own.ttf"
[colors]
text = "#FFF0C8"
[logo]
image = "logo.png"
width = 0.3
opacity = 1.0
"""


@pytest.fixture(autouse=True)
def only_shipped() -> Iterator[None]:
    forget_added_fonts()
    yield
    forget_added_fonts()


def write_brand(folder: Path, text: str = BRAND) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(FONTS / "Anton-Regular.ttf", folder / "own.ttf")
    Image.new("RGBA", (200, 100), (*GREEN, 255)).save(folder / "logo.png")
    (folder / "brand.toml").write_text(text, "utf-8")
    return folder / "brand.toml"


def test_brand_beside_the_takes_is_found_before_the_one_above(tmp_path: Path) -> None:
    above = write_brand(tmp_path)
    assert find_brand([tmp_path / "saturday/a.mp4", tmp_path / "sunday/b.mp4"]) == above
    beside = write_brand(tmp_path / "saturday")
    assert find_brand([tmp_path / "saturday/a.mp4"]) == beside
    assert find_brand([tmp_path / "saturday/far/down/a.mp4"]) is None


def test_takes_of_two_brands_need_one_named(tmp_path: Path) -> None:
    first, second = write_brand(tmp_path / "a"), write_brand(tmp_path / "b")
    takes = [tmp_path / "a/1.mp4", tmp_path / "b/2.mp4"]
    with pytest.raises(PresetError, match=r"is not the only brand .*; name one with --brand FILE"):
        find_brand(takes)
    preset, request = branded("honest-kitchen", ClipRequest(brand=second), takes)
    assert request.brand == second != first
    assert preset.watermark.image == str(second.with_name("logo.png"))


def test_brand_of_a_shoot_is_looked_for_beside_its_takes_only(tmp_path: Path) -> None:
    shoot = tmp_path / "saturday"
    write_brand(shoot / "pans")
    (shoot / "take.mp4").touch()
    (shoot / "pans" / "logo.jpg").touch()
    near = takes_near(shoot, shoot / "btsclip")
    assert near == [shoot / "take.mp4"] and find_brand(near) is None
    assert takes_near(shoot / "take.mp4", tmp_path / "out") == near


def test_without_a_brand_the_preset_stays() -> None:
    request = ClipRequest()
    assert branded("bakery-slow", request, []) == (load_preset("bakery-slow"), request)


@pytest.mark.parametrize(
    ("font", "says"),
    [
        ("Lobstre", r"brand\.toml:1: font: Lobstre: no such font family; name the font's file"),
        ("gone.ttf", r"brand\.toml:1: font: .*gone\.ttf: can't be read \(No such file"),
        ("brand.toml", r"brand\.toml:1: font: brand\.toml: no such font family"),
        ("text.ttf", r"brand\.toml:1: font: .*text\.ttf: is not a readable font"),
        ("web.woff2", r"brand\.toml:1: font: .*web\.woff2: is not a font file; use a file with"),
    ],
)
def test_font_that_cannot_be_used_is_named(font: str, says: str, tmp_path: Path) -> None:
    path = write_brand(tmp_path, f'font = "{font}"')
    (tmp_path / "text.ttf").write_text("no font")
    with pytest.raises(PresetError, match=says):
        load_look("honest-kitchen", path)


def test_warnings_about_the_look_reach_the_plan(media: Media, tmp_path: Path) -> None:
    path = write_brand(tmp_path, 'logo = "logo.png"\navoid = ["yummy"]')
    request = ClipRequest(hook="Yummy bread", brand=path)
    take = probe(media("plain.mp4"))
    preset, request = branded("honest-kitchen", request, [take.path])
    context = prepare_context([take], preset, "honest-kitchen", request)
    assert [text.split(" ")[1] for text in context.texts.warnings] == ["has", "hook"]


@pytest.fixture(scope="module")
def branded_shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of five seconds with a brand beside it, and a small preset."""
    folder = tmp_path_factory.mktemp("shoot")
    part(folder / "chop.mp4", 14, 19)
    write_brand(folder)
    look(folder)
    return folder


def green(frame: np.ndarray) -> np.ndarray:
    return np.abs(frame.astype(int) - GREEN).max(-1) < 40


def test_clips_have_the_brand_and_so_has_a_plan_that_moved(
    branded_shoot: Path, tmp_path: Path
) -> None:
    shoot = tmp_path / "shoot"
    shutil.copytree(branded_shoot, shoot)
    made = cut(
        [shoot / "chop.mp4"], shoot / "clips", str(shoot / "look.toml"), ClipRequest(count=1)
    )
    values = json.loads((shoot / "clips" / "plan.json").read_text("utf-8"))
    assert values["brand"] == "../brand.toml" and made.plan.brand == str(shoot / "brand.toml")
    sidecar = json.loads(made.clips[0].sidecar.read_text("utf-8"))
    assert sidecar["brand"] == "../brand.toml"
    preset = load_look(made.plan.preset, made.plan.brand)
    mark = mark_of(preset)
    assert mark and (mark.x, mark.y) == safe_box(preset.output)[:2]
    frames = pictures(made.clips[0].path, preset.output)
    width = round(0.3 * preset.output.width)
    for frame in (frames[0], frames[len(frames) // 2], frames[-1]):
        spot = green(frame)[mark.y + 2 : mark.y + mark.height - 2, mark.x + 2 : mark.x + width - 2]
        assert spot.mean() > 0.95
        assert green(frame).sum() < 1.2 * width * mark.height
    shutil.move(shoot, tmp_path / "moved")
    # As in another run.
    forget_added_fonts()
    plan = io.read_plan(tmp_path / "moved" / "clips" / "plan.json")
    assert plan.brand == str(tmp_path / "moved" / "brand.toml")
    again = render_plan(tmp_path / "moved" / "clips" / "plan.json", tmp_path / "again")
    assert np.array_equal(pictures(again.clips[0].path, preset.output), frames)


def test_lost_brand_stops_a_render_before_any_work(branded_shoot: Path, tmp_path: Path) -> None:
    plan = io.read_plan(made_plan(branded_shoot, tmp_path))
    gone = plan.model_copy(update={"brand": str(tmp_path / "gone.toml")})
    io.write_plan(gone, tmp_path / "plan.json")
    with pytest.raises(PresetError, match=r"gone\.toml: no such file, .*; put it back, or name"):
        render_plan(tmp_path / "plan.json", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_other_brand_at_render_takes_its_place(branded_shoot: Path, tmp_path: Path) -> None:
    path = made_plan(branded_shoot, tmp_path)
    other = write_brand(tmp_path / "other", 'handle = "@other"')
    made = render_plan(path, tmp_path / "again", brand=other)
    sidecar = json.loads(made.clips[0].sidecar.read_text("utf-8"))
    assert sidecar["brand"] == "../other/brand.toml"
    preset = load_look(made.plan.preset, other)
    assert not green(pictures(made.clips[0].path, preset.output)[9])[:200].sum() > 50


def made_plan(shoot: Path, folder: Path) -> Path:
    """The plan of one clip of the branded shoot."""
    request = ClipRequest(count=1)
    preset, request = branded(str(shoot / "look.toml"), request, [shoot / "chop.mp4"])
    plan = make_plan([shoot / "chop.mp4"], preset, str(shoot / "look.toml"), request)
    io.write_plan(plan, folder / "plan.json")
    return folder / "plan.json"
