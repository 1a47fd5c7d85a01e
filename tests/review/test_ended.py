"""Ctrl-C during rendering from the review page leaves no process and no partial file."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import media
import pytest
from interrupts import hears_interrupts
from result import plan_of
from reviewed import client

from btsclip.plan import io


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    for _ in range(round(seconds / 0.05)):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def start_rendering(address: str) -> bool:
    """Whether the server, which may not be up yet, has started to render."""
    try:
        with client(address) as asking:
            return asking.post("/api/render", json={"clips": ["clip-1"]}).status_code == 202
    except httpx.ConnectError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_a_rendering(tmp_path: Path) -> None:
    media.take(tmp_path / "take.mp4", size=(1280, 720), seconds=20, flash=6)
    plan = plan_of(tmp_path / "take.mp4").model_copy(update={"preset": "honest-kitchen"})
    io.write_plan(plan, tmp_path / "plan.json")
    before = sorted(path.name for path in tmp_path.iterdir())
    verb = [sys.executable, "-c", "from btsclip.cli import main; main()", "review"]
    with subprocess.Popen(
        [*verb, str(tmp_path), "--no-open"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hears_interrupts,
    ) as running:  # fmt: skip
        assert running.stdout
        address = running.stdout.readline().strip()
        until(lambda: start_rendering(address))
        until(lambda: list(tmp_path.glob(".btsclip-*/clip.mp4")))
        running.send_signal(signal.SIGINT)
        running.wait(30)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert str(tmp_path / "take.mp4") not in listed
