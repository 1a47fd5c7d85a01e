"""Killed at any moment and started again: the same files, byte for byte, and nothing else."""

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

# Each time the run is hit at another moment of its length; benchmarks/faults.py does more of them.
SLOW_TRIES = 5
EXITS: dict[Hit, int] = {kill_parent: -9, terminate: 130, interrupt: 130}


def moments(kind: str, tries: int, seconds: float) -> list[float]:
    """Seeded times spread over a run of so many seconds, one in each equal part of it."""
    chance = random.Random(kind)
    return [seconds * (number + chance.random()) / tries for number in range(tries)]


@pytest.mark.slow
def test_run_resumes_after_a_kill(runs: Callable[..., Runs], clean: Clean) -> None:
    mine, tally = runs(), Tally("parent")
    with hit(mine, clean.seconds * 0.6, kill_parent, random.Random(1)) as (was_hit, code, said):
        assert was_hit and "Traceback" not in said and code == -9
    count(tally, mine, clean.files)
    assert tally.counts == {**dict.fromkeys(tally.counts, 0), "tries": 1, "survived": 1}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "how"), [("SIGTERM", terminate), ("Ctrl-C", interrupt)])
def test_signal_ends_the_run_cleanly(
    name: str, how: Hit, runs: Callable[..., Runs], clean: Clean
) -> None:
    """Exit 130 and tidy at once, also without another run."""
    mine, chance = runs(), random.Random(name)
    with hit(mine, clean.seconds * 0.5, how, chance) as (was_hit, code, said):
        assert was_hit and code == 130, said
        assert "interrupted" in said and "Traceback" not in said
        assert mine.leftovers() == []
    tally = Tally(name)
    count(tally, mine, clean.files)
    assert tally.counts["survived"] == 1 and tally.slowest < 5


@pytest.mark.slow
def test_kill_during_the_encoder_check(runs: Callable[..., Runs], clean: Clean) -> None:
    """The first ffmpeg of a run tells whether it can encode at all."""
    mine = runs()
    with hit(mine, 0, kill_ffmpeg, random.Random(1)) as (was_hit, code, said):
        assert was_hit and code == 0, said


@pytest.mark.slow
def test_truncated_sound_is_not_used(runs: Callable[..., Runs], clean: Clean) -> None:
    """The ffmpeg that reads the sound of a take that was never looked at before."""
    mine = runs(cold=True)
    with hit(mine, 0.5, kill_sound, random.Random(1)) as (was_hit, code, said):
        assert was_hit and code == 0 and "trying again" in said
    tally = Tally("sound")
    count(tally, mine, clean.files)
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
    tally = many(kind, how, SLOW_TRIES, clean, runs().shoot, tmp_path)
    print(tally.row())
    assert tally.counts == {
        **dict.fromkeys(tally.counts, 0), "tries": SLOW_TRIES, "survived": SLOW_TRIES,
    }  # fmt: skip


def many(kind: str, how: Hit, tries: int, clean: Clean, shoot: Path, place: Path) -> Tally:
    """Hits `tries` runs, every fourth of them with an empty cache, each at another time."""
    tally, chance = Tally(kind, ends=how in EXITS), random.Random(kind)
    for number, after in enumerate(moments(kind, tries, clean.seconds)):
        mine = place / str(number)
        cache = mine / "cache" if number % 4 == 3 else clean.cache
        runs = Runs(shoot, mine / "out", mine / "temp", cache)
        with hit(runs, after, how, chance) as (was_hit, code, said):
            tally.counts["tracebacks"] += "Traceback" in said
            # Who is hit itself ends so; who has lost a helper ends well.
            wrong = code != (EXITS.get(how, 0) if was_hit else 0)
            tally.counts["wrong exit code"] += wrong
            if wrong:
                print(f"exit {code}: {said}")
        count(tally, runs, clean.files)
    return tally
