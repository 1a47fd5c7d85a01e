"""The small shoot and a clean run over it, made once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shoots import Clean, Runs, make_shoot, visible

from btsclip.batch.outcome import Outcome
from btsclip.batch.run import ExecutionOptions, run_batch
from btsclip.batch.scheduler import Listener
from btsclip.batch.state import BatchOptions
from btsclip.planning.request import ClipRequest


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shoot(tmp_path_factory.mktemp("faults") / "a day's [shoot]")


@pytest.fixture(scope="session")
def clean(shoot: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    place = tmp_path_factory.mktemp("clean")
    first, warm = (Runs(shoot, place / name, place / "temp", place / "cache") for name in "ab")
    assert first.finish()[0] == 0
    began = time.monotonic()
    assert warm.finish()[0] == 0
    seconds = time.monotonic() - began
    files = visible(first.out)
    # The promise itself: the results do not depend on time and place.
    assert files == visible(warm.out) and len([n for n in files if n.endswith(".mp4")]) == 2
    assert warm.leftovers() == []
    return Clean(files, place / "cache", seconds)


@pytest.fixture
def runs(shoot: Path, clean: Clean, tmp_path: Path) -> Callable[..., Runs]:
    def make(cold: bool = False, shoot: Path = shoot, more: tuple[str, ...] = ()) -> Runs:
        cache = tmp_path / "cache" if cold else clean.cache
        return Runs(shoot, tmp_path / "out", tmp_path / "temp", cache, more=more)

    return make


@pytest.fixture
def cut(clean: Clean, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """A run in this process with real workers, and a listener that may do harm."""
    monkeypatch.setenv("BTSCLIP_CACHE", str(clean.cache))

    def run(
        shoot: Path, out: Path, on_event: Listener = lambda event: None, **request: Any
    ) -> Outcome:
        return run_batch(
            shoot, out, str(shoot / "look.toml"), ClipRequest(**request), BatchOptions(),
            ExecutionOptions(jobs=2), on_event=on_event,
        )  # fmt: skip

    return run
