"""Progress where stderr is not a terminal."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from noted import footage

from btsclip.batch.scheduler import Event, Task
from btsclip.cli import live, progress_lines, reporting
from btsclip.takes.discover import Discovery, Take


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Lines come at once; the event is set when the first one has been printed."""
    came, write = threading.Event(), progress_lines.print_progress

    def print_progress(name: str, share: float, passed: float) -> None:
        write(name, share, passed)
        came.set()

    monkeypatch.setattr(progress_lines, "EVERY", 0.01)
    monkeypatch.setattr(progress_lines, "print_progress", print_progress)
    return came


def test_progress_lines_are_printed_until_the_end(
    printed: threading.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    with reporting.progress() as progress:
        progress.step("rendering\ndough-1", 0.34)
        printed.clear()
        assert printed.wait(60)
    out, err = capsys.readouterr()
    assert "rendering dough-1: 34%, 0:00 so far" in err.splitlines() and out == ""
    assert not any(thread.name == "progress" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("share", "passed", "line"),
    [(0.0, 9.6, "a: 0%, 0:10 so far\n"), (1.0, 119.7, "a: done, 2:00 so far\n")],
)
def test_a_line_names_the_step_its_share_and_the_time(
    share: float, passed: float, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    progress_lines.print_progress("a", share, passed)
    assert capsys.readouterr().err == line


def test_batch_prints_running_tasks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(live, "EVERY", -1.0)
    takes = [Take(name, footage(Path(f"/takes/{name}.mp4"))) for name in ("dough", "oven")]
    task = Task("k", "analyse", "dough", "dough.mp4", print, ())
    with live.Watcher(False) as watcher:
        watcher.refresh()
        watcher.found(Discovery(tuple(takes), ()))
        watcher.heard(Event("queued", task))
        watcher.heard(Event("begun", task))
        monkeypatch.setattr(live, "EVERY", 60.0)
        watcher.heard(Event("done", task))
        watcher.refresh()
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert lines[0] == "looking for takes" and "2 takes of 20:00 in total" in lines and out == ""
    assert "dough: analyzing; 0:00 of 20:00 analyzed" in lines
    # What has just been said is not said again.
    assert lines[-1].startswith("analyzed dough.mp4 (take 1 of 2")


def test_empty_batch_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with live.Watcher(False) as watcher:
        watcher.found(Discovery((), ()))
    assert capsys.readouterr().err == ""
