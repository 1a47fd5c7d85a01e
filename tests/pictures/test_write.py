"""Pictures as files: by suffix, complete or not at all; and the verb that draws them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from media import Media, ffmpeg
from PIL import Image

from btsclip.errors import OutputError
from btsclip.pictures.shapes import Drawing, Rect
from btsclip.pictures.write import check_paths, write_pictures

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
SAMPLE = Path(__file__).parents[2] / "samples" / "kitchen.mp4"
DRAWING = Drawing(80, 40, "#ffffff", "a", (Rect(10, 10, 20, 20, "#ff0000"),))


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("suffix", [".svg", ".png", ".jpg", ".jpeg", ".PNG"])
def test_each_suffix_is_its_format(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / f"a{suffix}"
    write_pictures({path: DRAWING}, force=False)
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    if suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        assert (root.get("width"), root.get("height")) == ("80", "40")
        return
    with Image.open(path) as image:
        assert image.size == (80, 40)
        assert image.format == ("PNG" if suffix.lower() == ".png" else "JPEG")
        red, green, _ = image.convert("RGB").getpixel((20, 20))
        assert red > 240 and green < 20


def test_paths_are_checked_before_any_work(tmp_path: Path) -> None:
    take = tmp_path / "take.mp4"
    existing = tmp_path / "there.svg"
    existing.touch()
    svg, jpg = tmp_path / "a.svg", tmp_path / "a.jpg"
    for timelines, sheets, message in (
        ([tmp_path / "a.gif"], [], "end its name in .svg or .png"),
        ([tmp_path / "a"], [], "no suffix"),
        ([], [svg], "end its name in .jpg or .jpeg or .png"),
        ([tmp_path / "a.png"], [tmp_path / "b" / ".." / "a.png"], "named twice"),
        ([existing], [], "add --force"),
    ):
        with pytest.raises(OutputError, match=message.replace(".", r"\.")):
            check_paths(take, timelines, sheets, force=False)
    with pytest.raises(OutputError, match="the footage itself"):
        check_paths(jpg, [], [jpg], force=True)
    check_paths(take, [svg], [jpg], force=False)
    check_paths(take, [existing], [], force=True)


def test_all_pictures_or_none(tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.touch()
    with pytest.raises(OutputError, match=r"b\.png"):
        write_pictures({tmp_path / "a.svg": DRAWING, wall / "b.png": DRAWING}, force=False)
    with pytest.raises(OutputError, match="already exists"):
        write_pictures({tmp_path / "a.svg": DRAWING, wall.with_suffix(""): DRAWING}, force=False)
    assert [path.name for path in tmp_path.iterdir()] == ["wall"]


@pytest.mark.slow
def test_verb_draws_all_pictures_at_once(tmp_path: Path) -> None:
    take = tmp_path / "don't 🍕 <b>.mp4"
    ffmpeg("-ss", "15", "-t", "5", "-i", SAMPLE, "-c", "copy", take)
    asked = ["--plot", "p.svg", "--plot", "p.png", "--sheet", "s.jpg", "--json"]
    done = btsclip("analyze", take.name, *asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    moments = json.loads(done.stdout)["moments"]
    assert any(moment["kind"] != "idle" for moment in moments)
    root = ElementTree.parse(tmp_path / "p.svg").getroot()
    bands = [e for e in root.iter() if e.get("class") == "moment"]
    assert [band.get("data-id") for band in bands] == [moment["id"] for moment in moments]
    with Image.open(tmp_path / "p.png") as image:
        assert (root.get("width"), root.get("height")) == tuple(map(str, image.size))
    with Image.open(tmp_path / "s.jpg") as image:
        assert image.format == "JPEG"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        [take.name, "p.png", "p.svg", "s.jpg"]
    )
    again = btsclip("analyze", take.name, "--plot", "p.svg", cwd=tmp_path)
    assert again.returncode == 1 and "p.svg: already exists; add --force" in again.stderr


def test_take_without_work_and_wrong_suffix(media: Media, tmp_path: Path) -> None:
    wrong = btsclip("analyze", media("plain.mp4"), "--sheet", "s.pdf", cwd=tmp_path)
    assert wrong.returncode == 1 and wrong.stderr.count("\n") == 1
    assert "s.pdf" in wrong.stderr and "; end its name in .jpg" in wrong.stderr
    done = btsclip("analyze", media("plain.mp4"), "--sheet", "s.png", cwd=tmp_path)
    assert done.returncode == 0 and "Picture: s.png" in done.stdout
    with Image.open(tmp_path / "s.png") as image:
        assert image.width > 300
