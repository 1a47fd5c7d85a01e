"""`btsclip batch` and `cache` as a person runs them: exit codes, what is printed, what is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import media
import pytest
from interrupts import hears_interrupts
from quick import mostly_slow
from schemas import check_schema
from small_shoot import look, part

from btsclip.batch.result import BatchJson, ReportJson
from btsclip.cli.json_results import CacheClearJson, CacheInfoJson

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
EVENTS = {"found", "queued", "begun", "done", "failed", "lost", "finished"}


def btsclip(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    part(folder / "knead.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    part(folder / "chop.mp4", 14, 19, created="2026-05-03T11:00:00Z")
    media.take(folder / "colours.mp4", seconds=4)
    look(folder)
    return folder


@pytest.fixture
def shoot(tmp_path: Path, takes: Path) -> Path:
    folder = tmp_path / "a day"
    folder.mkdir()
    shutil.copyfile(takes / "knead.mp4", folder / "knead.mp4")
    return folder


@pytest.fixture
def preset(takes: Path) -> tuple[str, str]:
    return "--preset", str(takes / "look.toml")


@pytest.mark.parametrize(
    "verb", mostly_slow([("batch",), ("watch",), ("cache", "info"), ("cache", "clear")], ("batch",))
)
def test_help_has_examples(verb: tuple[str, ...]) -> None:
    done = btsclip(*verb, "--help")
    assert done.returncode == 0 and "Example" in done.stdout


@pytest.mark.slow
def test_file_that_cannot_be_cut_is_a_failure_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "A001_C001.braw").write_bytes(b"raw")
    done = btsclip("batch", tmp_path)
    assert done.returncode == 1
    assert "is camera raw" in done.stderr and "export it as ProRes or H.264 first" in done.stderr
    again = btsclip("batch", tmp_path, "--json")
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert again.returncode == 1 and [event["event"] for event in events] == ["found", "finished"]
    (fault,) = events[-1]["failures"]
    check_schema(BatchJson, events[-1])
    assert fault["stage"] == "reading" and fault["cure"].startswith("export it")
    assert [row["state"] for row in events[-1]["files"]] == ["failed"]
    for verb in (("cut",), ("story",), ("reply", "--comment", "how do you chop?")):
        said = btsclip(verb[0], tmp_path / "A001_C001.braw", *verb[1:], "-o", tmp_path / "out")
        assert said.returncode == 1 and "export it as ProRes" in said.stderr, said.stderr


def test_shoot_with_a_broken_file_exits_with_4_and_reports_it(
    shoot: Path, takes: Path, preset: tuple[str, str]
) -> None:
    shutil.copyfile(takes / "chop.mp4", shoot / "chop.mp4")
    (shoot / "cut short.mp4").write_bytes((takes / "chop.mp4").read_bytes()[:30000])
    done = btsclip("batch", shoot, *preset, "--hook", "Between us")
    assert done.returncode == 4, done.stderr
    assert "2 takes of 0:10, 2 clips of" in done.stdout and "1 file failed" in done.stdout
    failed = done.stderr.splitlines()[-1]
    assert failed.startswith("cut short.mp4") and "reading" in failed and "copy" in failed
    out = shoot / "btsclip"
    text = (out / "report.txt").read_text("utf-8")
    for says in ("knead-01-process", "process: chop", "hands seen", failed, "2 takes of 0:10"):
        assert says in text
    report = json.loads((out / "report.json").read_text("utf-8"))
    check_schema(ReportJson, report)
    assert {clip["state"] for clip in report["clips"]} == {"made"}
    assert report["totals"]["takes"] == 2 and report["totals"]["failed"] == 1
    assert report["failures"][0]["stage"] == "reading" and report["failures"][0]["cure"]
    log = (out / "btsclip.log").read_text("utf-8")
    for says in ("run of btsclip", "done analyse knead.mp4 in", "left out", "run ended after"):
        assert says in log
    assert "Between us" not in log and "hook given" in log
    again = btsclip("batch", shoot, *preset, "--hook", "Between us")
    assert again.returncode == 4 and "2 of them from earlier runs" in again.stdout
    assert (out / "btsclip.log").read_text("utf-8").count("run ended") == 2


@pytest.mark.slow
def test_json_is_an_event_a_line(shoot: Path, preset: tuple[str, str]) -> None:
    done = btsclip("batch", shoot, *preset, "--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {event["event"] for event in events} <= EVENTS
    assert events[0]["event"] == "found" and events[0]["takes"][0]["seconds"] > 4
    last = events[-1]
    check_schema(BatchJson, last)
    assert last["event"] == "finished" and all(Path(clip).exists() for clip in last["clips"])
    for name in ("queued", "begun", "done"):
        tasks = {event["task"] for event in events if event["event"] == name}
        assert tasks == {"analyse", "plan", "render"}


@pytest.mark.slow
def test_dry_run_lists_clips_and_moments_left_out(
    shoot: Path, takes: Path, preset: tuple[str, str]
) -> None:
    shutil.copyfile(takes / "chop.mp4", shoot / "chop.mp4")
    done = btsclip("batch", shoot, *preset, "--dry-run", "--top", "1", COLUMNS="400")
    assert done.returncode == 0 and not (shoot / "btsclip").exists()
    rows = [line for line in done.stdout.splitlines() if "-01-process-" in line]
    assert len(rows) == 2 and sum("left out:" in row and "- " in row for row in rows) == 1
    assert "1 clip would be made" in done.stdout


@pytest.mark.slow
def test_nothing_worth_cutting_is_3_and_all_failed_is_1(
    tmp_path: Path, takes: Path, preset: tuple[str, str]
) -> None:
    folder = tmp_path / "dull"
    folder.mkdir()
    shutil.copyfile(takes / "colours.mp4", folder / "colours.mp4")
    dull = btsclip("batch", folder, *preset)
    assert dull.returncode == 3 and "nothing worth cutting" in dull.stderr
    # One bad file more, and some of the shoot has failed.
    (folder / "broken.mov").write_text("not a video")
    assert btsclip("batch", folder, *preset).returncode == 4
    (folder / "colours.mp4").unlink()
    bad = btsclip("batch", folder, *preset)
    assert bad.returncode == 1 and "broken.mov" in bad.stderr


@pytest.mark.parametrize(
    "wrong", mostly_slow([("--top", "0"), ("--jobs", "x"), ("--no-such",)], ("--top", "0"))
)
def test_wrong_usage_is_2(wrong: tuple[str, ...], shoot: Path) -> None:
    assert btsclip("batch", shoot, *wrong).returncode == 2
    assert btsclip("watch", shoot, *wrong).returncode == 2


@pytest.mark.slow
def test_failed_render_is_reported_with_its_stage(
    shoot: Path, takes: Path, preset: tuple[str, str]
) -> None:
    shutil.copyfile(takes / "chop.mp4", shoot / "chop.mp4")
    planned = btsclip("batch", shoot, *preset, "--dry-run", COLUMNS="400").stdout
    chop, knead = (
        next(word for word in planned.split() if word.startswith(f"{take}-01-process-"))
        for take in ("chop", "knead")
    )
    # A folder stands where a clip would go.
    (shoot / "btsclip" / f"{chop}.mp4").mkdir(parents=True)
    done = btsclip("batch", shoot, *preset)
    assert done.returncode == 4, done.stderr
    report = json.loads((shoot / "btsclip" / "report.json").read_text("utf-8"))
    check_schema(ReportJson, report)
    (failure,) = report["failures"]
    assert failure["stage"] == "rendering" and failure["subject"] == chop
    states = {clip["clip"]: clip["state"] for clip in report["clips"]}
    assert states[chop] == "failed" and states[knead] == "made"
    log = (shoot / "btsclip" / "btsclip.log").read_text("utf-8")
    assert f"failed render {chop}" in log and "Traceback" in log
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_interrupted_is_130(shoot: Path, preset: tuple[str, str]) -> None:
    child = subprocess.Popen(
        [*PROGRAM, "batch", str(shoot), *preset, "--json"], stdout=subprocess.PIPE, text=True,
        preexec_fn=hears_interrupts,
    )  # fmt: skip
    assert child.stdout
    while '"begun"' not in child.stdout.readline():
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 130
    assert "interrupted" in (shoot / "btsclip" / "btsclip.log").read_text("utf-8")
    assert btsclip("batch", shoot, *preset).returncode == 0


@pytest.mark.slow
def test_cache_is_inspected_and_cleared(
    shoot: Path, preset: tuple[str, str], tmp_path: Path
) -> None:
    own = {"BTSCLIP_CACHE": str(tmp_path / "cache"), "BTSCLIP_CACHE_SIZE": "20 MB"}
    btsclip("batch", shoot, *preset, "--dry-run", **own)
    (kept,) = json.loads(btsclip("cache", "info", "--json", **own).stdout)["stores"]
    assert kept["takes"] == 1 and kept["entries"] > 1 and kept["size"] > 0
    assert kept["most"] == 20_000_000 and Path(kept["path"]).is_file()
    assert "0 deleted" in btsclip("cache", "clear", "--older-than", "1", **own).stdout
    size = Path(kept["path"]).stat().st_size
    cleared = btsclip("cache", "clear", **own)
    assert cleared.returncode == 0 and f"{kept['entries']} deleted" in cleared.stdout
    assert Path(kept["path"]).stat().st_size < size
    (after,) = json.loads(btsclip("cache", "info", "--json", **own).stdout)["stores"]
    assert after["takes"] == after["size"] == 0


def test_json_of_the_cache_fits_its_schema(tmp_path: Path) -> None:
    own = {"BTSCLIP_CACHE": str(tmp_path)}
    for verb, model in (("info", CacheInfoJson), ("clear", CacheClearJson)):
        check_schema(model, json.loads(btsclip("cache", verb, "--json", **own).stdout))
