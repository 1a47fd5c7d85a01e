"""Progress where stderr is not a terminal."""

from __future__ import annotations

import threading

import pytest

from btsclip.cli import progress_lines, reporting


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


def test_lines_say_what_is_done_until_it_ends(
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
