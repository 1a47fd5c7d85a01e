"""Odd files in the folder of a shoot are reported, block nothing, and do not stop other takes."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from media import ffmpeg
from shoots import Clean, make_shoot, open_to_all, visible
from small_shoot import part

from btsclip.batch.outcome import Outcome
from btsclip.batch.scheduler import Event
from btsclip.errors import FootageError, OutputError
from btsclip.media.output import staging
from btsclip.media.probing import probe
from btsclip.plan import io
from btsclip.takes.discover import Discovery, find_takes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX files")
Cut = Callable[..., Outcome]
bytes_in_names = pytest.mark.skipif(sys.platform == "darwin", reason="names on macOS are text")
NAMES = {
    "two\nlines.mp4": "newline",
    "quotes ' \" `id` $(touch pwned) %d %s.mp4": "shell",
    "semi;colon:, [in] {x} \\ back.mp4": "filter",
    "-y -f.mp4": "option",
    "\u202eright to left \u05d0\u05d1.mp4": "bidi",
    "\U0001f373 egg.mp4": "emoji",
    "n" * 251 + ".mp4": "255 bytes",
    "concat:a|b.mp4": "protocol",
}


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("take") / "take.mp4"
    part(path, 14, 16)
    return path


@pytest.fixture
def nobody() -> Iterator[None]:
    """Drop the rights of root, who may read everything."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        yield
        os.seteuid(0)
    else:
        yield


def reasons(discovery: Discovery) -> dict[str, str]:
    return {file.path.name: file.why for file in discovery.left_out}


def test_pipes_sockets_and_devices_are_never_opened(take: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    folder.mkdir()
    os.mkfifo(folder / "pipe.mp4")
    (folder / "linked pipe.mp4").symlink_to("pipe.mp4")
    (folder / "loop.mp4").symlink_to("loop.mp4")
    (folder / "nothing.mp4").symlink_to("gone.mp4")
    (folder / "zeros.mp4").symlink_to("/dev/zero")
    (folder / "inside").symlink_to(folder, target_is_directory=True)
    (folder / "take.mp4").write_bytes(take.read_bytes())
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(folder / "s.mp4"))
        discovery = find_takes(folder, tmp_path / "out")
    assert [take.footage.path.name for take in discovery.takes] == ["take.mp4"]
    assert reasons(discovery) == {
        "pipe.mp4": "not a file", "linked pipe.mp4": "not a file", "s.mp4": "not a file",
        "zeros.mp4": "not a file", "loop.mp4": "a broken link", "nothing.mp4": "a broken link",
        "inside": "a link to a folder; links to folders are not followed",
    }  # fmt: skip


def test_unreadable_files_are_reported(take: Path, tmp_path: Path, nobody: None) -> None:
    folder = tmp_path / "shoot"
    uid = os.geteuid()
    if uid == 65534:
        os.seteuid(0)
    (folder / "closed").mkdir(parents=True)
    for path in (folder / "secret.mp4", folder / "closed" / "in.mp4", folder / "take.mp4"):
        path.write_bytes(take.read_bytes() + path.name.encode())
    (folder / "secret.mp4").chmod(0)
    (folder / "closed").chmod(0)
    open_to_all(folder)
    try:
        os.seteuid(uid)
        discovery = find_takes(folder, folder / "out")
    finally:
        if uid == 65534:
            os.seteuid(0)
        (folder / "closed").chmod(0o755)
        os.seteuid(uid)
    assert [take.footage.path.name for take in discovery.takes] == ["take.mp4"]
    assert {file.path.name: file.failed for file in discovery.left_out} == {
        "secret.mp4": True, "closed": True,
    }  # fmt: skip
    assert (
        "ermission" in reasons(discovery)["secret.mp4"]
        and "ermission" in reasons(discovery)["closed"]
    )


def test_takes_in_deep_folders_are_found(take: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    deep = folder.joinpath(*(f"{n}" for n in range(60)))
    deep.mkdir(parents=True)
    (deep / "take.mp4").write_bytes(take.read_bytes())
    assert len(find_takes(folder, tmp_path / "out").takes) == 1


def add_odd_kinds(folder: Path, take: Path) -> dict[str, str]:
    """Add files to `folder` that can't be cut; the causes by their names in messages."""
    (folder / "day 2").mkdir(parents=True)
    ffmpeg("-i", take, "-c", "copy", "-an", "-f", "h264", folder / "camera.264")
    ffmpeg("-i", take, "-c", "copy", "-an", "-frames:v", "1", folder / "one.mp4")
    data = take.read_bytes()
    for name in (b"dough \xff.mp4", b"notes \xff.txt", b"day 2/caf\xe9"):
        path = os.fsencode(folder) + b"/" + name
        if name.endswith(b"caf\xe9"):
            Path(os.fsdecode(path)).mkdir()
            path += b"/in.mp4"
        Path(os.fsdecode(path)).write_bytes(data)
    return {
        "camera.264": "is a bare H.264 stream: its pictures have no times",
        "one.mp4": "holds a single picture, not a video",
        "dough \\xff.mp4": "its name is not UTF-8 text", "in.mp4": "its name is not UTF-8 text",
    }  # fmt: skip


@bytes_in_names
def test_odd_kinds_are_reported_with_their_cure(take: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    causes = add_odd_kinds(folder, take)
    (folder / "take.mp4").write_bytes(take.read_bytes())
    discovery = find_takes(folder, tmp_path / "out")
    assert [take.footage.path.name for take in discovery.takes] == ["take.mp4"]
    failed = {file.path.name: file for file in discovery.left_out if file.failed}
    assert {name: file.why for name, file in failed.items()} == causes
    assert all(file.cure for file in failed.values())
    assert reasons(discovery)["notes \\xff.txt"] == "not a video"
    odd_folder = Path(os.fsdecode(os.fsencode(folder) + b"/day 2/caf\xe9"))
    for path in (odd_folder / "in.mp4", odd_folder):
        with pytest.raises(FootageError, match=r"caf\\xe9.*not UTF-8 text; rename the file"):
            probe(path) if path.suffix else find_takes(path, tmp_path / "out")
    with pytest.raises(OutputError, match=r"caf\\xe9: its name is not UTF-8"), staging(odd_folder):
        pass


@bytes_in_names
@pytest.mark.slow
def test_batch_goes_on_after_odd_kinds(tmp_path: Path, cut: Cut) -> None:
    folder = make_shoot(tmp_path / "shoot", "chop.mp4")
    causes = add_odd_kinds(folder, folder / "chop.mp4")
    outcome = cut(folder, tmp_path / "out", count=1)
    assert {Path(row.file).name: row.state for row in outcome.rows if row.state != "left out"} == {
        "chop.mp4": "cut", **dict.fromkeys(causes, "failed"),
    }  # fmt: skip
    report = (tmp_path / "out" / "report.txt").read_text("utf-8")
    assert all(cause in report for cause in causes.values()) and "caf\\xe9" in report
    assert cut(folder, tmp_path / "out", count=1).kept == 1


@pytest.mark.slow
def test_takes_with_odd_names_are_cut_and_reach_no_shell(
    tmp_path: Path, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_shoot(tmp_path / "sh'oot\n;$(touch pwned)", "chop.mp4")
    data = (folder / "chop.mp4").read_bytes()
    (folder / "chop.mp4").unlink()
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(data + b"\0" * (number + 1))
    monkeypatch.chdir(tmp_path)
    outcome = cut(folder, tmp_path / "out", count=1)
    assert {Path(row.file).name for row in outcome.rows if row.state == "cut"} == set(NAMES)
    assert len(outcome.clips) == len(NAMES)
    assert {path.parent for clip in outcome.clips for path in clip.files} == {tmp_path / "out"}
    assert not list(tmp_path.rglob("pwned"))
    assert cut(folder, tmp_path / "out", count=1).kept == len(NAMES)


def vanish(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0" * 100_000)


@pytest.mark.slow
@pytest.mark.parametrize("harm", [vanish, truncate, grow])
@pytest.mark.parametrize("when", [("begun", "analyse"), ("done", "plan")])
def test_footage_that_changes_during_the_run(
    harm: Callable[[Path], None], when: tuple[str, str], tmp_path: Path, cut: Cut, clean: Clean
) -> None:
    """A take that loses something fails with a reason, and the other is cut; after a repair, both
    are. A take that only grows is cut."""
    folder, out = make_shoot(tmp_path / "shoot", "chop.mp4", "knead.mp4"), tmp_path / "out"
    before = (folder / "knead.mp4").read_bytes()
    done: list[bool] = []

    def on_event(event: Event) -> None:
        if (event.state, event.task.kind) == when and not done:
            if when == ("done", "plan") and event.task.take != "knead":
                return
            done.append(True)
            harm(folder / "knead.mp4")

    outcome = cut(folder, out, on_event)
    states = {row.take: row for row in outcome.rows if row.take}
    assert states["chop"].state == "cut"
    if harm is grow:
        # What was there when it was planned is still there.
        assert states["knead"].state == "cut"
        return
    assert states["knead"].state == "failed" and "Error" not in states["knead"].why, states
    (folder / "knead.mp4").write_bytes(before)
    again = cut(folder, out)
    assert {row.state for row in again.rows if row.take} == {"cut"} and again.kept == 1
    clips = {n: d for n, d in visible(out).items() if n.endswith(".mp4")}
    assert clips == {n: d for n, d in clean.files.items() if n.endswith(".mp4")}
    assert len(io.read_plan(out / "plan.json").clips) == len(clips)
