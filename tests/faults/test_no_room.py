"""Full disks are reported once and leave no partial file, and the run resumes with new space."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shoots import Clean, Runs, visible

from btsclip.batch.outcome import Outcome
from btsclip.batch.scheduler import Event
from btsclip.errors import NoRoomError
from btsclip.media.output import STAGING_PREFIX
from btsclip.review.report import write_page

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts a tmpfs")
Cut = Callable[..., Outcome]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 MB, if this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=200m", "none", str(place)]
    if subprocess.run(["mount", *options], capture_output=True).returncode:
        pytest.skip("may not mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> None:
    """Fill the disk to the last byte."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


# What is written when the disk fills up -> the event just before.
WHEN = {
    "rendering": ("begun", "render"),
    "the ledger": ("begun", "analyse"),
    "the plan": ("done", "render"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WHEN)
def test_full_disk_is_reported_and_the_run_resumes(
    what: str, disk: Path, shoot: Path, clean: Clean, cut: Cut
) -> None:
    events: list[Event] = []
    full: list[bool] = []

    def on_event(event: Event) -> None:
        events.append(event)
        due = (event.state, event.task.kind) == WHEN[what]
        last = sum(e.state == "done" and e.task.kind == "render" for e in events) == 2
        if due and not full and (last or what != "the plan"):
            fill(disk)
            full.append(True)

    out = disk / "out"
    with pytest.raises(NoRoomError, match=r"full|free and") as caught:
        cut(shoot, out, on_event)
    assert full and caught.value.cure
    # One error, not one for each clip.
    assert not [event for event in events if event.state == "failed"]
    assert not list(out.glob(f"{STAGING_PREFIX}*"))
    parts = {n: d for n, d in visible(out).items() if not n.startswith("report.")}
    assert all(clean.files[name] == value for name, value in parts.items())
    (disk / "filler").unlink()
    kept = sum(name.endswith(".mp4") for name in parts)
    assert cut(shoot, out).kept == kept
    # The clean runs were those of the command, which also writes a page.
    write_page(out)
    assert visible(out) == clean.files


@pytest.mark.slow
def test_small_disk_is_reported_before_the_work(disk: Path, shoot: Path, cut: Cut) -> None:
    fill(disk)
    with (disk / "filler").open("r+b") as file:
        file.truncate(file.seek(0, 2) - 2_000_000)
    events: list[Event] = []
    with pytest.raises(NoRoomError, match="may be needed"):
        cut(shoot, disk / "out", events.append)
    assert not events and not visible(disk / "out")


@pytest.mark.slow
def test_full_cache_does_not_stop_the_run(
    disk: Path, runs: Callable[..., Runs], clean: Clean
) -> None:
    fill(disk)
    attempt = runs()
    attempt.cache = disk / "cache"
    code, output = attempt.finish()
    assert code == 0 and visible(attempt.out) == clean.files and "Traceback" not in output


@pytest.mark.slow
def test_file_size_limit_is_reported(runs: Callable[..., Runs], clean: Clean) -> None:
    """With a limit on the size of files, the system kills ffmpeg."""
    attempt = runs()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        code, output = attempt.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 1 and "Traceback" not in output
    assert not list(attempt.out.glob("*.mp4")) and not attempt.leftovers()
    assert attempt.finish()[0] == 0 and visible(attempt.out) == clean.files
