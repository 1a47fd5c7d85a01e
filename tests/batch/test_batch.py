"""A shoot of parts of the sample, cut by real worker processes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import media
import pytest
from small_shoot import LOOK, part

from btsclip.batch.ledger import digest, lock_folder
from btsclip.batch.outcome import Outcome
from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.scheduler import Event
from btsclip.batch.state import BatchOptions
from btsclip.errors import FootageError, OutputError, PlanError
from btsclip.plan import io
from btsclip.plan.code import code_at_end
from btsclip.planning.request import ClipRequest

Run = Callable[..., Outcome]


def uncoded(name: str) -> str:
    """The id of a clip without the code at its end, which must exist."""
    code = code_at_end(name)
    assert code
    return name.removesuffix(f"-{code}")


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a day's [shoot]")
    part(folder / "chop.mp4", 14, 19, created="2026-05-03T11:00:00Z")
    part(folder / "knead.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    part(folder / "empty counter.mp4", 0, 4, created="2026-05-03T09:00:00Z")
    (folder / "broken.mov").write_text("not a video")
    (folder / "look.toml").write_text(LOOK)
    return folder


@pytest.fixture
def run(shoot: Path, tmp_path: Path) -> Run:
    look = shoot / "look.toml"

    def run(
        events: list[Event] | None = None,
        preset: Path = look,
        dry_run: bool = False,
        execution: ExecutionOptions = ExecutionOptions(jobs=2),  # noqa: B008
        **options: Any,
    ) -> Outcome:
        def on_event(event: Event) -> None:
            if events is not None:
                events.append(event)
            assert event.state != "failed", event.why

        return run_batch(
            shoot, tmp_path / "out", str(preset), ClipRequest(), BatchOptions(**options), execution,
            dry_run=dry_run, on_event=on_event,
        )  # fmt: skip

    return run


def files(folder: Path) -> dict[str, str]:
    """Names and digests of the files a user sees in a folder, except for the log, which grows."""
    return {p.name: digest(p) for p in folder.iterdir() if p.is_file() and p.suffix != ".log"}


@pytest.mark.slow
def test_shoot_is_cut_in_filming_order_and_bad_file_is_reported(run: Run, tmp_path: Path) -> None:
    outcome = run()
    states = {Path(row.file).name: row.state for row in outcome.rows}
    assert states["broken.mov"] == "failed" and states["empty counter.mp4"] == "nothing"
    assert states["knead.mp4"] == states["chop.mp4"] == "cut" and states["look.toml"] == "left out"
    assert [row.take for row in outcome.rows][:3] == ["empty-counter", "knead", "chop"]
    plan = io.read_plan(tmp_path / "out" / "plan.json")
    assert plan.clips and {Path(c.spans[0].source).stem for c in plan.clips} == {"knead", "chop"}
    for clip in outcome.clips:
        assert all(path.exists() for path in clip.files)
    assert "broken.mov" in (tmp_path / "out" / "report.txt").read_text()
    assert not list((tmp_path / "out").glob(".btsclip-*"))


@pytest.mark.slow
def test_finished_shoot_is_not_touched_and_lost_clip_is_rendered_again(
    run: Run, tmp_path: Path
) -> None:
    first = run()
    before = files(tmp_path / "out")
    events: list[Event] = []
    again = run(events=events)
    assert not events and again.kept == len(first.clips) and files(tmp_path / "out") == before
    lost = first.clips[0].path
    lost.unlink()
    repaired = run(events=events)
    rendered = [e.task.subject for e in events if e.task.kind == "render" and e.state == "done"]
    assert rendered == [first.clips[0].clip.id] and repaired.kept == len(first.clips) - 1
    assert files(tmp_path / "out") == before


@pytest.mark.slow
def test_other_preset_removes_clips_that_left_the_plan(
    run: Run, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run()
    (tmp_path / "other.toml").write_text(LOOK.replace("count = 2", "count = 1"))
    other = run(preset=tmp_path / "other.toml")
    assert other.kept < len(first.clips)
    remaining = {path.name for path in (tmp_path / "out").glob("*.mp4")}
    # Clips that are no longer in the plan are gone.
    assert remaining == {clip.path.name for clip in other.clips}


@pytest.mark.slow
def test_top_keeps_other_clips_in_the_plan_with_the_reason(run: Run, tmp_path: Path) -> None:
    outcome = run(top=1)
    plan = io.read_plan(tmp_path / "out" / "plan.json")
    assert len(outcome.clips) == sum(clip.enabled for clip in plan.clips) == 1
    others = [clip for clip in plan.clips if not clip.enabled]
    assert others and all("left out: " in clip.why for clip in others)


@pytest.mark.slow
def test_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    outcome = run(dry_run=True)
    assert outcome.plan and outcome.plan.clips and not outcome.clips
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_edited_plan_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    run()
    path = tmp_path / "out" / "plan.json"
    values = json.loads(path.read_text())
    values["clips"][0]["title"] = "Mine"
    path.write_text(json.dumps(values))
    with pytest.raises(PlanError, match="was edited"):
        run()
    assert json.loads(path.read_text())["clips"][0]["title"] == "Mine"


def test_second_run_in_a_folder_is_refused(run: Run, tmp_path: Path) -> None:
    with lock_folder(tmp_path / "out"), pytest.raises(OutputError, match="another run is at work"):
        run()


def test_folder_without_videos_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name, says in (("empty", "holds no video"), ("missing", "is not a folder")):
        with pytest.raises(FootageError, match=says):
            run_batch(
                tmp_path / name,
                None,
                "honest-kitchen",
                ClipRequest(),
                BatchOptions(),
                ExecutionOptions(),
            )


def test_unsupported_files_are_reported_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "A001_C001.braw").write_bytes(b"raw")
    (tmp_path / "VID_0001.insv").write_bytes(b"raw")
    outcome = run_batch(
        tmp_path, None, "honest-kitchen", ClipRequest(), BatchOptions(), ExecutionOptions()
    )
    assert [row.state for row in outcome.rows] == ["failed", "failed"]
    report = (tmp_path / "btsclip" / "report.txt").read_text("utf-8")
    assert "export it as ProRes or H.264 first" in report and "export a flat picture" in report
    values = json.loads((tmp_path / "btsclip" / "report.json").read_text("utf-8"))
    assert [fault["stage"] for fault in values["failures"]] == ["reading", "reading"]


@pytest.mark.slow
def test_original_replaces_its_small_copy(tmp_path: Path, shoot: Path) -> None:
    day = tmp_path / "day"
    (day / "SUB").mkdir(parents=True)
    (day / "CLIP").mkdir()
    media.ffmpeg("-i", shoot / "chop.mp4", "-vf", "scale=480:-2", *media.FAST, "-c:a", "copy",
                 day / "SUB" / "C0001S03.MP4")  # fmt: skip

    def cut() -> Outcome:
        return run_batch(
            day,
            None,
            str(shoot / "look.toml"),
            ClipRequest(count=1),
            BatchOptions(),
            ExecutionOptions(jobs=2),
        )

    first = cut()
    assert [(row.state, row.why[:12]) for row in first.rows] == [("cut", "a small copy")]
    shutil.copyfile(shoot / "chop.mp4", day / "CLIP" / "C0001.MP4")
    second = cut()
    (clip,) = second.clips
    assert Path(clip.clip.spans[0].source).name == "C0001.MP4"
    assert [path.name for path in (day / "btsclip").glob("*.mp4")] == [clip.path.name]
    assert [(row.state, row.why) for row in second.rows] == [
        ("cut", ""), ("left out", "a small copy of C0001.MP4"),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_link_in_place_of_a_clip_is_replaced(run: Run, tmp_path: Path) -> None:
    """A link in place of a clip is replaced, and its target is not touched."""
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    (tmp_path / "out").mkdir()
    planned = run(dry_run=True).plan
    assert planned
    link = tmp_path / "out" / f"{planned.clips[0].id}.mp4"
    link.symlink_to(precious)
    run()
    assert precious.read_text() == "mine"
    assert link.is_file() and not link.is_symlink()


@pytest.mark.slow
def test_resumed_shoot_accepts_another_number_of_jobs(run: Run, tmp_path: Path) -> None:
    first = run(top=2)
    before = files(tmp_path / "out")
    events: list[Event] = []
    again = run(events=events, top=2, execution=ExecutionOptions(jobs=1))
    assert not events and again.kept == len(first.clips) and files(tmp_path / "out") == before


@pytest.mark.slow
def test_names_stay_and_clips_of_missing_takes_are_kept(tmp_path: Path, shoot: Path) -> None:
    day = tmp_path / "day"
    (day / "card 1").mkdir(parents=True)
    shutil.copyfile(shoot / "knead.mp4", day / "card 1" / "a.mp4")

    def cut() -> Outcome:
        look = str(shoot / "look.toml")
        return run_batch(
            day, None, look, ClipRequest(count=1), BatchOptions(), ExecutionOptions(jobs=2)
        )

    (first,) = cut().clips
    assert uncoded(first.clip.id) == "a-01-process"
    rendered_at = first.path.stat().st_mtime_ns
    (day / "card 2").mkdir()
    shutil.copyfile(shoot / "chop.mp4", day / "card 2" / "a.mp4")
    second = cut()
    names = {uncoded(clip.clip.id) for clip in second.clips}
    assert names == {"a-01-process", "card-2-a-01-process"}
    assert first.path.stat().st_mtime_ns == rendered_at
    # Remove one take, and rename the other.
    (day / "card 1" / "a.mp4").unlink()
    (day / "card 2" / "a.mp4").rename(day / "card 2" / "chop.mp4")
    (third,) = cut().clips
    assert uncoded(third.clip.id) == "chop-01-process" and third.path.exists()
    left = {uncoded(path.stem) for path in (day / "btsclip").glob("*.mp4")}
    assert left == {"a-01-process", "chop-01-process"}
    # The same cut has the same code under any name of its take.
    assert code_at_end(third.clip.id) in {code_at_end(clip.clip.id) for clip in second.clips}


@pytest.mark.slow
def test_line_stands_on_the_first_clip_of_the_shoot_whatever_the_order(
    shoot: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shoot"
    folder.mkdir()
    # The second take is planned long before the first one, which is twice as long.
    shutil.copy(shoot / "chop.mp4", folder / "bread-fold-2.mp4")
    part(folder / "bread-fold-1.mp4", 5, 14, created="2026-05-03T08:00:00Z")
    (folder / "look.toml").write_text(LOOK)
    hooks = {}
    for jobs in (1, 2):
        outcome = run_batch(
            folder, tmp_path / f"out{jobs}", str(folder / "look.toml"), ClipRequest(),
            BatchOptions(), ExecutionOptions(jobs=jobs), dry_run=False, on_event=lambda event: None,
        )  # fmt: skip
        assert outcome.plan and len(outcome.clips) == len(outcome.plan.clips) > 1
        hooks[jobs] = [
            (Path(clip.spans[0].source).name, [c.text for c in clip.captions if c.role == "hook"])
            for clip in outcome.plan.clips
        ]
    assert hooks[1] == hooks[2]
    assert hooks[1][0] == ("bread-fold-1.mp4", ["Bread fold"])
    assert all(texts == [] for _, texts in hooks[1][1:])
