"""What a user types as a take or a shoot is found again from anywhere, also after it was moved."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from inline_pool import InlinePool
from media import ffmpeg
from quick import mostly_slow
from reviewed import client, served
from small_shoot import SAMPLE, look, part

from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.state import BatchOptions
from btsclip.batch.watch import Finished, watch
from btsclip.exchange.export import export_plan
from btsclip.plan import io
from btsclip.planning.cut import plan_footage
from btsclip.planning.request import ClipRequest, RenderOptions
from btsclip.render.sources import read_source
from btsclip.reply.comments import ViewerComment
from btsclip.reply.make import make_replies
from btsclip.review.app import Review
from btsclip.review.report import write_page
from btsclip.story.make import StoryOptions as StoryAsked, make_story
from btsclip.timelapse.make import make_timelapses

NAMES = st.sampled_from(["saturday", "a day's shoot", "Samstag früh", "土曜 🍞", "-v"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two takes and a preset, looked through once: what was measured is kept for all examples."""
    folder = tmp_path_factory.mktemp("made")
    ffmpeg(
        "-ss", "14", "-t", "4", "-i", SAMPLE, "-vf", "scale=320:-2", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "15", "-c:a", "aac", folder / "chop.mp4",
    )  # fmt: skip
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=160x90:r=1:d=20,fps=4,trim=end_frame=1,loop=79:1,"
        "format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "4", folder / "pot.mp4",
    )  # fmt: skip
    look(folder)
    return folder


@pytest.fixture(autouse=True)
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("btsclip.batch.run.LocalPool", InlinePool)
    monkeypatch.setattr("btsclip.story.make.LocalPool", InlinePool)


@dataclass(frozen=True)
class Typed:
    """What is typed as a take and as its shoot in the working folder `cwd`, and the name of a
    folder for results (None: where they go by themselves)."""

    cwd: Path
    take: str
    shoot: str
    out: str | None


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@st.composite
def typed(draw: st.DrawFn, day: Path, take: str) -> Typed:
    """One of the ways to name the take in `day`/shoot; makes the folders and links it needs."""
    shoot = next(path for path in day.iterdir() if path.is_dir())
    cwd = draw(st.sampled_from([day, shoot, shoot / "inner", day / "beside"]))
    cwd.mkdir(exist_ok=True)
    ways = [os.path.relpath(shoot, cwd), str(shoot)]
    link = day / "link"
    if not link.is_symlink():
        link.symlink_to(shoot.name)
    ways += [os.path.relpath(link, cwd), str(link), f"{os.path.relpath(link, cwd)}/../{shoot.name}"]
    way = draw(st.sampled_from(ways))
    out = draw(st.sampled_from([None, "my clips", str(shoot / "btsclip"), f"{way}/edits/v 1"]))
    return Typed(cwd, f"{way}/{take}", way, out)


def planned_batch(asked: Typed, preset: str) -> Path:
    """What a batch plans, written as it is: rendering is left to the slow test."""
    shoot, out = Path(asked.shoot), Path(asked.out) if asked.out else Path(asked.shoot, "btsclip")
    outcome = run_batch(
        shoot, out, preset, ClipRequest(), BatchOptions(), ExecutionOptions(1), dry_run=True
    )
    assert outcome.plan
    return written(outcome.plan, out)


def planned_watch(asked: Typed, preset: str) -> Path:
    """The same for what is there as a whole when a shoot is watched."""
    shoot, out = Path(asked.shoot), Path(asked.out) if asked.out else Path(asked.shoot, "btsclip")

    def run(whole: Any) -> Any:
        return run_batch(
            shoot,
            out,
            preset,
            ClipRequest(),
            BatchOptions(),
            ExecutionOptions(1),
            dry_run=True,
            only=whole,
        )

    *_, last = watch(shoot, out, run, rest=0, once_idle=0.01)
    assert isinstance(last, Finished)
    return written(last.outcome.plan, out)  # type: ignore[union-attr]


def written(plan: Any, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    io.write_plan(plan, out / "plan.json")
    return out / "plan.json"


def planned_cut(asked: Typed, preset: str) -> Path:
    out = Path(asked.out or "take-clips")
    done = plan_footage([Path(asked.take)], out, preset, ClipRequest(), RenderOptions(force=True))
    assert done.plan_path
    return done.plan_path


def planned_story(asked: Typed, preset: str) -> Path:
    done = make_story(
        Path(asked.shoot),
        Path(asked.out or "a story"),
        preset,
        ClipRequest(),
        StoryAsked(6),
        ExecutionOptions(1),
        RenderOptions(dry_run=True),
    )
    return written(done.planned.plan, Path(asked.out or "a story"))


def planned_reply(asked: Typed, preset: str) -> Path:
    out = Path(asked.out or "replies")
    comment = ViewerComment("how do you chop?", "")
    done = make_replies(
        Path(asked.shoot),
        [comment],
        out,
        preset,
        ClipRequest(),
        options=RenderOptions(dry_run=True),
    )
    return written(done.plan, out)


def planned_timelapse(asked: Typed, preset: str) -> Path:
    out = Path(asked.out or "lapse")
    return written(
        make_timelapses(
            [Path(asked.take)], out, preset, length=5, options=RenderOptions(dry_run=True)
        ).plan,
        out,
    )


VERBS: dict[str, Callable[[Typed, str], Path]] = {
    "cut and plan": planned_cut, "batch": planned_batch, "watch": planned_watch,
    "story": planned_story, "reply": planned_reply, "timelapse": planned_timelapse,
}  # fmt: skip


@pytest.mark.parametrize("verb", mostly_slow(VERBS, "cut and plan"))
def test_a_plan_finds_its_takes_from_anywhere_and_after_a_move(
    verb: str, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    take = "pot.mp4" if verb == "timelapse" else "chop.mp4"

    @settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), NAMES, NAMES)
    def holds(data: st.DataObject, name: str, stem: str) -> None:
        root = tmp_path_factory.mktemp("root")
        day = root / "day"
        shoot = day / name
        shoot.mkdir(parents=True)
        file = f"chop {stem}.mp4"
        shutil.copy(made / take, shoot / file)
        asked = data.draw(typed(day, file))
        with inside(asked.cwd):
            plan = Path.cwd() / VERBS[verb](asked, str(made / "look.toml"))
        (root / "elsewhere").mkdir()
        with inside(root / "elsewhere"):
            check(Path(os.path.relpath(plan)), shoot / file)
            moved = root / "another day" / "moved"
            moved.parent.mkdir()
            # Where the plan really lies: it may have been written through the link.
            place = plan.resolve().relative_to(day.resolve())
            day.rename(moved)
            check(moved / place, moved / name / file)

    holds()


def check(plan: Path, take: Path) -> None:
    """All that reads the plan at `plan` finds its only take."""
    read = io.read_plan(plan)
    assert read.clips and {span.source for c in read.clips for span in c.spans} == {
        source.path for source in read.sources
    }
    for source in read.sources:
        assert Path(source.path).is_absolute() and Path(source.path).samefile(take)
        assert read_source(source)[0].size == take.stat().st_size
    export = export_plan(plan, "otio", force=True).files[0].read_text()
    assert quote(read.sources[0].path) in export
    answer = json.loads(asyncio.run(Review(plan).plan(None)).body)  # type: ignore[arg-type]
    assert all("error" not in known for known in answer["takes"].values()), answer["takes"]
    page = write_page(plan).read_text()
    assert take.name.replace("'", "&#39;") in page


def btsclip(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from btsclip.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done


@pytest.mark.slow
def test_verbs_as_a_new_user_types_them(tmp_path: Path) -> None:
    """From the folder that holds the shoot, with relative names; then from elsewhere; then all of
    it once more after the shoot was moved."""
    here, elsewhere, moved = (
        tmp_path / "my videos",
        tmp_path / "else" / "where",
        tmp_path / "disk 2",
    )
    for folder in (here / "saturday", elsewhere, moved):
        folder.mkdir(parents=True)
    part(here / "saturday" / "chop é.mp4", 14, 19, created="2026-05-03T11:00:00Z")
    part(here / "saturday" / "knead.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    shutil.copy(look(tmp_path), here / "saturday" / "look.toml")
    preset = ("--preset", "saturday/look.toml")
    btsclip("batch", "saturday", "--top", "2", *preset, cwd=here)
    btsclip("story", "saturday", "--length", "8", *preset, cwd=here)
    btsclip("cut", "saturday/knead.mp4", *preset, cwd=here)
    btsclip("plan", "./saturday/../saturday/knead.mp4", "-o", "planned", *preset, cwd=here)
    btsclip("reply", "saturday", "--comment", "how do you knead?", "-o", "reply", *preset, cwd=here)
    again = btsclip("batch", ".", "--top", "2", "--preset", "look.toml", cwd=here / "saturday")
    assert "2 of them from earlier runs" in again.stdout
    plans = [
        here / place for place in (
            "saturday/btsclip/plan.json", "saturday-story/plan.json", "knead-clips/plan.json",
            "planned/plan.json", "reply/reply.json",
        )
    ]  # fmt: skip
    for plan in plans:
        used(Path(os.path.relpath(plan, elsewhere)), elsewhere)
    here.rename(moved / "my videos")
    for plan in plans:
        used(moved / "my videos" / plan.relative_to(here), elsewhere)
    where = moved / "my videos"
    again = btsclip("batch", "saturday", "--top", "2", *preset, cwd=where)
    assert "2 of them from earlier runs" in again.stdout
    btsclip("reply", "saturday/btsclip/plan.json", "--comment", "how do you knead?", cwd=where)


def used(plan: Path, cwd: Path) -> None:
    """Everything that reads the plan is run from the folder `cwd`."""
    btsclip("render", plan, "-o", "rendered", "--force", cwd=cwd)
    btsclip("export", plan, "--to", "edl", "--force", cwd=cwd)
    btsclip("report", plan, cwd=cwd)
    assert io.read_plan(cwd / plan).clips
    for record in (cwd / plan).parent.glob("*-*.json"):
        source = json.loads(record.read_text("utf-8"))["source"]["path"]
        assert not Path(source).is_absolute() and (record.parent / source).is_file()
    with served((cwd / plan).resolve()) as address, client(address) as asking:
        answer = asking.get("/api/plan").json()
        assert all("error" not in take for take in answer["takes"].values()), answer["takes"]
        for clip in answer["plan"]["clips"]:
            name = quote(clip["id"])
            picture = asking.get(f"/media/pictures/{name}/0/middle")
            assert picture.headers["content-type"] == "image/jpeg"
            assert asking.get(f"/media/takes/{name}/0/take.mp4").status_code == 200
