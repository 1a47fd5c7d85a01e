"""A shoot with a brand and a series, cut by real worker processes that know its font only by its
file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from small_shoot import look, part

from btsclip.batch.arrivals import relevant_changes
from btsclip.batch.batch import BatchOptions
from btsclip.batch.outcome import Outcome
from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.scheduler import Event
from btsclip.captions import FONTS
from btsclip.plan import io
from btsclip.planning.request import ClipRequest


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    folder = tmp_path / "saturday"
    (folder / "pans").mkdir(parents=True)
    part(folder / "pans" / "chop.mp4", 14, 18)
    shutil.copyfile(FONTS / "Anton-Regular.ttf", folder / "own.ttf")
    Image.new("RGBA", (40, 20), (40, 180, 70, 200)).save(folder / "logo.png")
    brand = 'handle = "@ana"\nfont = "own.ttf"\nlogo = "logo.png"\n[colors]\ntext = "#FFF0C8"\n'
    (folder / "brand.toml").write_text(brand, "utf-8")
    look(folder)
    return folder


def run(shoot: Path, rendered: list[str], **wishes: Any) -> Outcome:
    def on_event(event: Event) -> None:
        assert event.state != "failed", event.why
        if event.task.kind == "render" and event.state == "done":
            rendered.append(event.task.subject)

    return run_batch(
        shoot, None, str(shoot / "look.toml"), ClipRequest(**{"hook": "Hi", "count": 1} | wishes),
        BatchOptions(), ExecutionOptions(jobs=1), on_event=on_event,
    )  # fmt: skip


@pytest.mark.slow
def test_batch_finds_the_brand_and_a_changed_logo_is_drawn_again(shoot: Path) -> None:
    rendered: list[str] = []
    first = run(shoot, rendered)
    assert len(rendered) == len(first.clips) == 1
    assert {Path(row.file).name for row in first.rows if row.state == "failed"} == set()
    plan = io.read_plan(shoot / "btsclip" / "plan.json")
    assert plan.brand == str(shoot / "brand.toml")
    with Image.open(first.clips[0].cover) as cover:
        colors = cover.convert("RGB").getcolors(1_000_000)
    cream = sum(n for n, color in colors if max(abs(a - b) for a, b in zip(
        color, (0xFF, 0xF0, 0xC8), strict=True)) < 12)  # fmt: skip
    assert cream > 100, "the title is in the brand's color"
    run(shoot, rendered)
    assert len(rendered) == 1
    Image.new("RGBA", (40, 20), (40, 70, 180, 200)).save(shoot / "logo.png")
    run(shoot, rendered)
    assert len(rendered) == 2


@pytest.mark.slow
def test_series_counts_over_all_takes_in_the_order_of_filming(shoot: Path) -> None:
    rendered: list[str] = []
    part(shoot / "a.mp4", 5, 9, created="2026-05-03T11:00:00Z")
    shutil.move(shoot / "pans" / "chop.mp4", shoot / "z.mp4")
    first = run(shoot, rendered, hook=None, series="Sunday bread")
    titles = {files.path.name.split("-")[0]: files.clip.title for files in first.clips}
    assert titles == {"a": "Sunday bread, part 1", "z": "Sunday bread, part 2"}
    assert io.read_plan(shoot / "btsclip" / "plan.json").series == "Sunday bread"
    # A take that was filmed before moves both, and only the texts are new.
    part(shoot / "m.mp4", 30, 34, created="2026-05-03T10:00:00Z")
    rendered.clear()
    second = run(shoot, rendered, hook=None, series="Sunday bread")
    order = [row.take for row in second.rows if row.state == "cut"]
    numbers = {files.path.name.split("-")[0]: files.clip.title for files in second.clips}
    assert numbers == {take: f"Sunday bread, part {n}" for n, take in enumerate(order, 1)}
    moved = [take for take in titles if numbers[take] != titles[take]]
    assert sorted(name.split("-")[0] for name in rendered) == sorted(["m", *moved])


def test_changed_brand_calls_for_another_run() -> None:
    names = ["brand.toml", "shoot.toml", "logo.png", "take.mp4", "other.toml"]
    changed = relevant_changes(Path(name) for name in names)
    assert [path.name for path in changed] == ["brand.toml", "shoot.toml", "take.mp4"]
