"""`--font` as a person uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from media import Media
from quick import mostly_slow

from btsclip.captions import FONTS

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
THAI = "ก"


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A font "Mine" with a Thai letter."""
    with TTFont(FONTS / "Anton-Regular.ttf") as file:
        for table in file["cmap"].tables:
            table.cmap[ord(THAI)] = "A"
        for record in (1, 4, 6):
            file["name"].setName("Mine", record, 3, 1, 0x409)
        file.save(tmp_path / "it's mine.ttf")
    (tmp_path / "mine.toml").write_text(
        f'extends = "honest-kitchen"\n[captions]\nhook = "{THAI}"\n'
        '[captions.hook_style]\nfont = "Mine"\n',
        "utf-8",
    )
    return tmp_path / "it's mine.ttf"


def test_a_preset_may_name_the_added_font(own: Path) -> None:
    lacking = btsclip("presets", "check", "mine.toml", cwd=own.parent)
    assert lacking.returncode == 1 and "--font FILE" in lacking.stderr
    there = btsclip("presets", "check", "mine.toml", "--font", own.name, cwd=own.parent)
    assert there.returncode == 0, there.stderr


@pytest.mark.parametrize("verb", mostly_slow(["cut", "plan"], "plan"))
def test_a_bad_font_stops_before_any_work(verb: str, media: Media, own: Path) -> None:
    own.write_bytes(own.read_bytes()[:50_000])
    before = sorted(path.name for path in own.parent.iterdir())
    take = media("plain.mp4")
    done = btsclip(verb, take, "--font", own.name, "-o", "clips", cwd=own.parent)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and own.name in done.stderr and ";" in done.stderr
    assert sorted(path.name for path in own.parent.iterdir()) == before


@pytest.mark.slow
def test_a_plan_is_rendered_with_the_font_given_again(media: Media, own: Path) -> None:
    from btsclip.plan.io import write_plan
    from btsclip.plan.model import Clip, CutPlan, Source, Span
    from btsclip.plan.texts import Caption

    take = media("one_second.mp4")
    clip = Clip(
        id="a", kind="process", score=1, why="",
        spans=[Span(source=str(take), start=0, end=1, layout="fit-blur")],
        captions=[Caption(text=THAI, start=0, end=1, role="hook")], title=THAI,
        warnings=["there is no time to read it"],
    )  # fmt: skip
    source = Source(path=str(take), size=take.stat().st_size, duration=1)
    write_plan(
        CutPlan(preset="mine.toml", sources=[source], clips=[clip]), own.parent / "plan.json"
    )
    lacking = btsclip("render", "plan.json", "-o", "out", cwd=own.parent)
    assert lacking.returncode == 1 and "Mine" in lacking.stderr and "--font" in lacking.stderr
    there = btsclip("render", "plan.json", "-o", "out", "--font", own.name, cwd=own.parent)
    assert there.returncode == 0, there.stderr
    assert (own.parent / "out" / "a.mp4").is_file()
    assert there.stderr.endswith("btsclip: clip a: there is no time to read it\n")
