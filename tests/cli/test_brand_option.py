"""`--brand` and `--series` as a person uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from media import Media
from PIL import Image

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip


def checked(text: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    (cwd / "brand.toml").write_text(text, "utf-8")
    return btsclip("presets", "check", "honest-kitchen", "--brand", "brand.toml", cwd=cwd)


def test_brand_is_checked_with_its_preset(tmp_path: Path) -> None:
    Image.new("RGB", (20, 20), "#D65430").save(tmp_path / "logo.png")
    wrong = checked('hnadle = "@ana"', tmp_path)
    assert wrong.returncode == 1 and "did you mean handle?" in wrong.stderr
    warned = checked('logo = "logo.png"', tmp_path)
    assert warned.returncode == 0 and "has no transparency" in warned.stderr
    right = checked('handle = "@ana"', tmp_path)
    assert (right.returncode, right.stderr) == (0, "")
    assert right.stdout == "brand.toml: no mistakes\n"


def test_preview_is_drawn_in_the_brand(tmp_path: Path) -> None:
    checked('handle = "@ana"\n[colors]\ntext = "#12FF34"', tmp_path)
    drawn = btsclip(
        "presets", "preview", "recipe-steps", "--brand", "brand.toml", "-o", "a.png", cwd=tmp_path
    )
    assert drawn.returncode == 0, drawn.stderr
    with Image.open(tmp_path / "a.png") as picture:
        colors = picture.convert("RGB").getcolors(5_000_000)
    green = sum(n for n, (r, g, b) in colors if g > 220 and r < 60 and b < 90)
    assert green > 200


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("gone.toml", "btsclip: gone.toml: no such file"),
        (".", "is a folder"),
        ("take.mp4", "take.mp4: is not a brand; name a file such as brand.toml"),
    ],
)
def test_other_things_are_no_brand(named: str, says: str, media: Media, tmp_path: Path) -> None:
    (tmp_path / "take.mp4").write_bytes(media("plain.mp4").read_bytes())
    refused = btsclip("cut", "take.mp4", "--brand", named, "-o", "clips", cwd=tmp_path)
    assert refused.returncode == 1 and says in refused.stderr, refused.stderr
    assert not (tmp_path / "clips").exists()


def test_series_without_a_name_is_refused(media: Media, tmp_path: Path) -> None:
    refused = btsclip("cut", media("plain.mp4"), "--series", " ", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--series: is empty; give the name of the series" in refused.stderr
