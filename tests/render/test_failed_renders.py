"""Failed renders: an error that names file and cause, and no files left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from interrupts import hears_interrupts
from media import BAD, Media
from plans import with_first
from result import PRESET, plan_of

import btsclip.render.run
from btsclip.errors import (
    FootageError,
    OutputError,
    PlanError,
    StoppedError,
    ToolError,
)
from btsclip.media import ffmpeg
from btsclip.plan.model import CutPlan
from btsclip.render import render


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.mark.parametrize("name", [n for n in BAD if n != "folder.mp4"])
def test_bad_source_is_named(name: str, media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("one_second.mp4"))
    path = str(media(name))
    plan = plan.model_copy(
        update={
            "sources": [plan.sources[0].model_copy(update={"path": path})],
            "clips": [with_first(plan.clips[0], source=path)],
        }
    )
    with pytest.raises(FootageError, match=name):
        render(plan, PRESET, tmp_path / "out")
    assert files_in(tmp_path) == []


def test_missing_and_changed_sources_are_named(media: Media, tmp_path: Path) -> None:
    source = media.copy("one_second.mp4", tmp_path / "take.mp4")
    plan = plan_of(source)
    source.write_bytes(source.read_bytes() + b"\0" * 8)
    with pytest.raises(PlanError, match=r"take\.mp4: has changed"):
        render(plan, PRESET, tmp_path / "out")
    source.unlink()
    with pytest.raises(FootageError, match=r"take\.mp4: no such file"):
        render(plan, PRESET, tmp_path / "out")
    assert files_in(tmp_path) == []


def test_span_beyond_the_source_is_refused(media: Media, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"ends at 9\.00 s"):
        render(plan_of(media("plain.mp4"), end=9.0), PRESET, tmp_path)


def test_sources_and_plan_are_never_replaced(media: Media, tmp_path: Path) -> None:
    source = media.copy("one_second.mp4", tmp_path / "take.mp4")
    before = source.read_bytes()
    with pytest.raises(OutputError, match=r"take\.mp4: is read and would be replaced"):
        render(plan_of(source, id="take"), PRESET, tmp_path, force=True)
    kept = tmp_path / "plan.json"
    with pytest.raises(OutputError, match=r"plan\.json: is read and would be replaced"):
        render(plan_of(source, id="plan"), PRESET, tmp_path, force=True, keep=[kept])
    assert source.read_bytes() == before and files_in(tmp_path) == ["take.mp4"]


def test_existing_files_are_replaced_only_with_force(media: Media, tmp_path: Path) -> None:
    plan = plan_of(media("one_second.mp4"), media("plain.mp4"))
    existing = tmp_path / "clip-2.jpg"
    existing.write_text("mine")
    with pytest.raises(OutputError, match=r"clip-2\.jpg: already exists; add --force"):
        render(plan, PRESET, tmp_path)
    assert files_in(tmp_path) == ["clip-2.jpg"]
    assert existing.read_text() == "mine"
    render(plan, PRESET, tmp_path, force=True)
    assert existing.stat().st_size > 1000
    assert len(files_in(tmp_path)) == 6


def test_disabled_clips_are_not_rendered(media: Media, tmp_path: Path) -> None:
    assert render(plan_of(media("plain.mp4"), enabled=False), PRESET, tmp_path / "out") == []
    assert files_in(tmp_path) == []


def test_output_below_a_file_is_named(media: Media, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/out: can't be written: a file is where"):
        render(plan_of(media("one_second.mp4")), PRESET, tmp_path / "file" / "out")
    assert files_in(tmp_path) == ["file"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_full_disk_is_noticed_before_rendering(media: Media, small_disk: Path) -> None:
    with pytest.raises(OutputError, match=r"disk: can't be written: the disk is full"):
        render(plan_of(media("one_second.mp4")), PRESET, small_disk)
    assert files_in(small_disk) == []


def test_disk_that_fills_up_while_rendering(
    media: Media, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(btsclip.render.run, "_check_space", lambda *_: None)
    (small_disk / "ballast").write_bytes(bytes(600_000))
    with pytest.raises(OutputError, match=r"disk: can't be written: the disk is full"):
        render(plan_of(media("sound_longer.mp4")), PRESET, small_disk)
    assert files_in(small_disk) == ["ballast"]


def test_read_only_disk(media: Media, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OutputError, match="the disk is read-only"):
        render(plan_of(media("one_second.mp4")), PRESET, small_disk)


def test_killed_ffmpeg_leaves_nothing(
    media: Media, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for ffmpeg kills itself when it renders the clip, and else runs the real one."""
    stand_in = tmp_path / "ffmpeg"
    real = ffmpeg.ffmpeg_path()
    stand_in.write_text(
        f'#!/bin/sh\ncase " $* " in *" clip.mp4 "*still*) "{real}" -v error -f lavfi -i color '
        f'-t 0.1 -y clip.mp4; kill -9 $$;; esac\nexec "{real}" "$@"\n'
    )
    stand_in.chmod(0o755)
    monkeypatch.setenv("BTSCLIP_FFMPEG", str(stand_in))
    ffmpeg.ffmpeg_path.cache_clear()
    try:
        with pytest.raises(StoppedError, match=r"stopped from outside \(signal 9\)"):
            render(plan_of(media("one_second.mp4")), PRESET, tmp_path / "out")
    finally:
        monkeypatch.undo()
        ffmpeg.ffmpeg_path.cache_clear()
    assert files_in(tmp_path) == ["ffmpeg"]


def test_unknown_encoder_is_refused(media: Media, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such encoder"):
        render(plan_of(media("one_second.mp4")), PRESET, tmp_path / "out", encoder="mpeg9")
    assert files_in(tmp_path) == []


WORKER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from result import PRESET
from btsclip.plan.model import CutPlan
from btsclip.render import render
plan = CutPlan.model_validate_json(Path({plan!r}).read_text())
slow = PRESET.model_copy(update={{"output": PRESET.output.model_copy(
    update={{"width": 1080, "height": 1920, "speed": "slow"}})}})
try:
    render(plan, slow, Path({out!r}), progress=lambda clip, part: print(part, flush=True))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="searches processes in /proc")
def test_ctrl_c_leaves_nothing(media: Media, tmp_path: Path) -> None:
    plan_path, out = tmp_path / "plan.json", tmp_path / "out"
    plan_path.write_text(CutPlan.model_dump_json(plan_of(media("plain.mp4"))))
    script = WORKER.format(tests=str(Path(__file__).parents[1]), plan=str(plan_path), out=str(out))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, preexec_fn=hears_interrupts
    ) as worker:
        assert worker.stdout
        worker.stdout.readline()
        before = ffmpegs_in(out)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(10) == 130
    assert before, "ffmpeg was at work when it was interrupted"
    time.sleep(0.1)
    assert ffmpegs_in(out) == []
    assert files_in(tmp_path) == ["plan.json"]


def ffmpegs_in(folder: Path) -> list[str]:
    """Ids of processes whose working folder is in `folder`."""
    ids = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in str((entry / "cwd").readlink()):
                ids.append(entry.name)
        except OSError:
            continue
    return ids
