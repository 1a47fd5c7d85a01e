"""`btsclip watch` as a user runs it, with files that arrive slowly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from interrupts import hears_interrupts
from media import ffmpeg
from quick import mostly_slow
from small_shoot import look, part

from btsclip.media.probing import probe
from btsclip.plan import io

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    part(folder / "first.mp4", 5, 10, created="2026-05-03T10:00:00Z")
    part(folder / "slow.mp4", 14, 19, created="2026-05-03T09:00:00Z")
    part(folder / "camera.ts", 30, 35)
    part(folder / "first again.mp4", 31, 36, created="2026-05-03T12:00:00Z")
    look(folder)
    return folder


class Watching:
    """The running program, and its events."""

    def __init__(self, shoot: Path, *options: str) -> None:
        self.events: list[dict[str, Any]] = []
        command = [*PROGRAM, "watch", str(shoot), "--json", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, preexec_fn=hears_interrupts
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def of(self, *names: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] in names]

    def until(self, name: str, number: int = 1, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while len(self.of(name)) < number:
            assert time.monotonic() < end and self.process.poll() is None, self.events
            time.sleep(0.1)

    def end(self, seconds: float = 90) -> int:
        code = self.process.wait(seconds)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture
def shoot(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "day"
    folder.mkdir()
    yield folder


def copy_in_pieces(source: Path, target: Path, pieces: int, pause: float) -> None:
    """Copy a file as slowly as from a card."""
    data = source.read_bytes()
    step = len(data) // pieces + 1
    with target.open("wb") as file:
        for at in range(0, len(data), step):
            file.write(data[at : at + step])
            file.flush()
            time.sleep(pause)


@pytest.mark.slow
def test_takes_are_cut_when_they_are_complete(takes: Path, shoot: Path) -> None:
    shutil.copyfile(takes / "first.mp4", shoot / "first.mp4")
    preset = ("--preset", str(takes / "look.toml"))
    watching = Watching(shoot, *preset, "--rest", "1.5", "--once-idle", "8")
    watching.until("finished")
    out = shoot / "btsclip"
    before = {path: path.stat().st_mtime_ns for path in out.glob("first-*")}
    assert before
    # A copy in pieces, a camera that writes for a while, a renamed file, a truncated one, and
    # a name that already exists.
    (shoot / "broken.mp4").write_bytes((takes / "slow.mp4").read_bytes()[:20000])
    (shoot / "later").mkdir()
    copy_in_pieces(takes / "slow.mp4", shoot / "slow.mp4", 6, 0.7)
    copy_in_pieces(takes / "camera.ts", shoot / "camera.ts", 6, 0.7)
    shutil.copyfile(takes / "first again.mp4", shoot / "later" / "first.mp4.part")
    (shoot / "later" / "first.mp4.part").rename(shoot / "later" / "first.mp4")
    assert watching.end() == 4
    lengths = {shoot / name: probe(takes / name).duration for name in ("slow.mp4", "camera.ts")}
    for event in watching.of("found"):
        for take in event["takes"]:
            whole = lengths.get(Path(take["file"]), take["seconds"])
            assert take["seconds"] == pytest.approx(whole, abs=0.01)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    rendered = [e["subject"] for e in watching.of("begun") if e["task"] == "render"]
    assert len(rendered) == len(set(rendered))
    assert any(name.startswith("slow-01-process-") for name in rendered)
    plan = io.read_plan(out / "plan.json")
    names = [Path(source.path).name for source in plan.sources]
    assert names == ["slow.mp4", "first.mp4", "first.mp4", "camera.ts"]
    assert {clip.id.rsplit("-", 3)[0] for clip in plan.clips} >= {"first", "later-first"}
    waiting = {Path(event["file"]).name for event in watching.of("waiting")}
    assert "broken.mp4" in waiting
    assert [Path(f["file"]).name for f in watching.of("finished")[-1]["failures"]] == ["broken.mp4"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text")
@pytest.mark.slow
def test_kinds_that_cannot_be_cut_are_not_waited_for(takes: Path, shoot: Path) -> None:
    """A name that is not UTF-8 ends the service that reports changes: then btsclip looks itself."""
    shutil.copyfile(takes / "first.mp4", os.fsencode(shoot) + b"/caf\xe9.mp4")
    ffmpeg("-i", takes / "first.mp4", "-c", "copy", "-an", "-f", "h264", shoot / "camera.264")
    preset = ("--preset", str(takes / "look.toml"))
    watching = Watching(shoot, *preset, "--rest", "1.5", "--once-idle", "8")
    watching.until("finished")
    shutil.copyfile(takes / "first.mp4", shoot / "first.mp4")
    assert watching.end() == 4 and not watching.of("waiting")
    failures = {Path(f["file"]).name for f in watching.of("finished")[-1]["failures"]}
    assert failures == {"caf\\xe9.mp4", "camera.264"} and list((shoot / "btsclip").glob("first-*"))


@pytest.mark.parametrize("number", mostly_slow([signal.SIGINT, signal.SIGTERM], signal.SIGINT))
def test_ctrl_c_leaves_no_partial_files(number: int, takes: Path, shoot: Path) -> None:
    shutil.copyfile(takes / "first.mp4", shoot / "first.mp4")
    watching = Watching(shoot, "--preset", str(takes / "look.toml"), "--rest", "0.5")
    if number == signal.SIGINT:
        # During the rendering of a clip: its worker is killed, and its files are removed.
        watching.until("begun", 3)
        assert watching.of("begun")[2]["task"] == "render"
        end = time.monotonic() + 20
        while not list((shoot / "btsclip").glob(".btsclip-*")) and time.monotonic() < end:
            time.sleep(0.02)
        assert list((shoot / "btsclip").glob(".btsclip-*"))
    else:
        watching.until("finished")
    watching.process.send_signal(number)
    assert watching.end(20) == 130
    assert not list((shoot / "btsclip").glob(".btsclip-*"))


def test_watching_an_idle_shoot_ends(shoot: Path) -> None:
    (shoot / "notes.txt").write_text("salt")
    watching = Watching(shoot, "--once-idle", "1", "--rest", "0.5")
    assert watching.end(30) == 0
    assert [event["event"] for event in watching.events] == ["watching"]
