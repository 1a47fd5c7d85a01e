"""Runs that are killed at any moment and started again make exactly the same files."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from shoots import (
    Clean,
    Hit,
    Runs,
    Tally,
    count,
    hit,
    interrupt,
    kill_ffmpeg,
    kill_parent,
    kill_sound,
    kill_worker,
    terminate,
)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

# Runs hit at different moments; benchmarks/faults.py does more of them.
SLOW_TRIES = 5
EXITS: dict[Hit, int] = {kill_parent: -9, terminate: 130, interrupt: 130}


def moments(kind: str, tries: int, seconds: float) -> list[float]:
    """Seeded times over a run of `seconds`, one in each of `tries` equal parts."""
    chance = random.Random(kind)
    return [seconds * (number + chance.random()) / tries for number in range(tries)]


@pytest.mark.slow
def test_run_resumes_after_a_kill(runs: Callable[..., Runs], clean: Clean) -> None:
    attempt, tally = runs(), Tally("parent")
    with hit(attempt, clean.seconds * 0.6, kill_parent, random.Random(1)) as (
        was_hit,
        code,
        output,
    ):
        assert was_hit and "Traceback" not in output and code == -9
    count(tally, attempt, clean.files)
    assert tally.counts == {**dict.fromkeys(tally.counts, 0), "tries": 1, "survived": 1}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "how"), [("SIGTERM", terminate), ("Ctrl-C", interrupt)])
def test_signal_ends_the_run_cleanly(
    name: str, how: Hit, runs: Callable[..., Runs], clean: Clean
) -> None:
    """Exit 130, and clean up at once, even without another run."""
    attempt, chance = runs(), random.Random(name)
    with hit(attempt, clean.seconds * 0.5, how, chance) as (was_hit, code, output):
        assert was_hit and code == 130, output
        assert "interrupted" in output and "Traceback" not in output
        assert attempt.leftovers() == []
    tally = Tally(name)
    count(tally, attempt, clean.files)
    assert tally.counts["survived"] == 1 and tally.slowest < 5


@pytest.mark.slow
def test_kill_during_the_encoder_check(runs: Callable[..., Runs], clean: Clean) -> None:
    """The first ffmpeg of a run checks whether it can encode."""
    attempt = runs()
    with hit(attempt, 0, kill_ffmpeg, random.Random(1)) as (was_hit, code, output):
        assert was_hit and code == 0, output


@pytest.mark.slow
def test_truncated_sound_is_not_used(runs: Callable[..., Runs], clean: Clean) -> None:
    """Kill the ffmpeg that reads the sound of a take without cached measurements."""
    attempt = runs(cold=True)
    with hit(attempt, 0.5, kill_sound, random.Random(1)) as (was_hit, code, output):
        assert was_hit and code == 0 and "trying again" in output
    tally = Tally("sound")
    count(tally, attempt, clean.files)
    assert tally.counts["survived"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("kill -9 of the program", kill_parent),
        ("kill -9 of a worker", kill_worker),
        ("kill -9 of ffmpeg", kill_ffmpeg),
        ("SIGTERM", terminate),
        ("Ctrl-C", interrupt),
    ],
)
def test_run_resumes_after_kills_at_any_time(
    kind: str, how: Hit, runs: Callable[..., Runs], clean: Clean, tmp_path: Path
) -> None:
    tally = hit_many(kind, how, SLOW_TRIES, clean, runs().shoot, tmp_path)
    print(tally.row())
    assert tally.counts == {
        **dict.fromkeys(tally.counts, 0), "tries": SLOW_TRIES, "survived": SLOW_TRIES,
    }  # fmt: skip


def hit_many(kind: str, how: Hit, tries: int, clean: Clean, shoot: Path, place: Path) -> Tally:
    """Hit `tries` runs at different times, every fourth of them with an empty cache."""
    tally, chance = Tally(kind, ends=how in EXITS), random.Random(kind)
    for number, after in enumerate(moments(kind, tries, clean.seconds)):
        attempt = place / str(number)
        cache = attempt / "cache" if number % 4 == 3 else clean.cache
        runs = Runs(shoot, attempt / "out", attempt / "temp", cache)
        with hit(runs, after, how, chance) as (was_hit, code, output):
            tally.counts["tracebacks"] += "Traceback" in output
            # A run that is hit itself fails; a run that loses a helper succeeds.
            wrong = code != (EXITS.get(how, 0) if was_hit else 0)
            tally.counts["wrong exit code"] += wrong
            if wrong:
                print(f"exit {code}: {output}")
        count(tally, runs, clean.files)
    return tally
