"""A small shoot, runs of `btsclip batch` on it that can be hit at any time, and what they leave."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from interrupts import hears_interrupts
from small_shoot import look, part

from btsclip.batch.ledger import digest
from btsclip.media.output import STAGING_PREFIX
from btsclip.takes.listing import LEDGER_FOLDER

ROOT = Path(__file__).parents[2]
CLI = [sys.executable, "-c", "from btsclip.cli import main; main()"]
# Every process that a run starts has this in its environment, however it was orphaned since.
MARK = "BTSCLIP_FAULT_RUN"
# Seconds in which all processes of a killed run must be gone.
GONE = 5.0
# Name -> seconds of the sample; work is done in the first two.
TAKES = {"chop.mp4": (14, 19), "knead.mp4": (5, 10), "empty counter.mp4": (0, 4)}


def open_to_all(folder: Path) -> None:
    """Lets every user reach `folder` of a test; pytest's own folders are closed to others."""
    for place in (folder, *folder.parents):
        if place == Path(tempfile.gettempdir()):
            break
        place.chmod(0o755)


def make_shoot(folder: Path, *names: str) -> Path:
    """A folder with the takes of these `names` (default: all of TAKES) and the look for them."""
    folder.mkdir(parents=True)
    for name in names or TAKES:
        part(folder / name, *TAKES[name])
    look(folder)
    return folder


def visible(folder: Path) -> dict[str, str]:
    """Names and digests of what a user sees in a folder, but the log, which grows."""
    if not folder.exists():
        return {}
    seen = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return {path.name: digest(path) for path in seen if path.suffix != ".log"}


@dataclass
class Runs:
    """Runs over one shoot into the folder `out`, with a cache and a temp folder of their own."""

    shoot: Path
    out: Path
    temp: Path
    cache: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    more: tuple[str, ...] = ()
    # When the last of them was hit, and when it had ended with all that it had started.
    hit_at: float = 0.0
    gone_at: float = 0.0

    def command(self) -> list[str]:
        """The command line of a run."""
        look = str(self.shoot / "look.toml")
        return [
            *CLI, "batch", str(self.shoot), "-o", str(self.out), "--preset", look, "--jobs", "2",
            *self.more,
        ]  # fmt: skip

    def start(self, **how: object) -> subprocess.Popen[str]:
        """Begins a run."""
        self.temp.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ, MARK: self.mark, "TMPDIR": str(self.temp),
            "BTSCLIP_CACHE": str(self.cache), "PYTHONPATH": str(ROOT / "src"),
        }  # fmt: skip
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(  # type: ignore[call-overload]
            self.command(), env=environment, text=True, start_new_session=True,
            preexec_fn=hears_interrupts, **(pipes | how),
        )  # fmt: skip

    def finish(self, **how: object) -> tuple[int, str]:
        """A whole run; its exit code and what it said."""
        with self.start(**how) as run:
            said, errors = run.communicate(timeout=120)
        return run.returncode, said + errors

    def processes(self, like: str = "") -> list[int]:
        """All processes of these runs whose command line holds `like`."""
        found = []
        for place in Path("/proc").iterdir():
            if place.name.isdigit() and int(place.name) != os.getpid():
                try:
                    if f"{MARK}={self.mark}".encode() in (place / "environ").read_bytes():
                        command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        if command and like in command:
                            found.append(int(place.name))
                except (OSError, ValueError):
                    continue
        return found

    def wait_until_gone(self) -> float:
        """Seconds from the hit until no process was left. Fails GONE after the end."""
        began = time.monotonic()
        while left := self.processes():
            assert time.monotonic() - began < GONE, f"still running: {left}"
            time.sleep(0.05)
            self.gone_at = time.monotonic()
        return self.gone_at - self.hit_at

    def leftovers(self) -> list[str]:
        """What half done work left: in the results, and in the system's temp folder."""
        inside = [p.name for p in self.out.glob(f"{STAGING_PREFIX}*")] if self.out.exists() else []
        ledger = self.out / LEDGER_FOLDER
        odd = [p.name for p in ledger.glob("*")] if ledger.exists() else []
        odd = [name for name in odd if not name.startswith(("ledger.sqlite3", "lock"))]
        return [*inside, *odd, *(p.name for p in self.temp.glob("*"))]


@dataclass(frozen=True)
class Clean:
    """A run that nothing happened to: its results, its warm cache, and its seconds when warm."""

    files: dict[str, str]
    cache: Path
    seconds: float


@dataclass
class Tally:
    """What came of hitting so many runs in one way."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    # Seconds from the hit to the end of the last process, where the run ends with the hit.
    slowest: float = 0.0
    ends: bool = True

    def row(self) -> str:
        """A row of the fault table."""
        c = self.counts
        gone = f"{self.slowest:.1f} s" if self.ends else "the run goes on"
        return (
            f"| {self.kind} | {c['tries']} | {c['survived']} | {c['lost']} | {c['partial']} "
            f"| {c['left']} | {c['orphans']} | {gone} |"
        )

    HEAD = (
        "| what was hit | tries | same files in the end | files lost | partial | left over "
        "| orphans | last process gone after |\n|---|---|---|---|---|---|---|---|"
    )


Hit = Callable[[Runs, "subprocess.Popen[str]", random.Random], bool]


def kill_parent(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
    """kill -9 of the program itself."""
    if run.poll() is not None:
        return False
    run.kill()
    return True


def _killer(like: str) -> Hit:
    def kill(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
        while run.poll() is None:
            found = [pid for pid in runs.processes(like) if pid != run.pid]
            if found:
                try:
                    os.kill(chance.choice(found), signal.SIGKILL)
                except ProcessLookupError:
                    continue
                return True
            time.sleep(0.002)
        return False

    return kill


kill_worker = _killer("spawn_main")
kill_ffmpeg = _killer("-hide_banner")
kill_sound = _killer("f32le")


def _listens(run: subprocess.Popen[str]) -> bool:
    """Waits until the program hears signals itself: before that Python is still starting."""
    while run.poll() is None:
        status = Path(f"/proc/{run.pid}/status").read_text()
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            return True
        time.sleep(0.01)
    return False


def terminate(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
    """SIGTERM, as the system sends it when it shuts down."""
    if not _listens(run):
        return False
    run.terminate()
    return True


def interrupt(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
    """Ctrl-C in a terminal: all processes of its foreground group get it."""
    if not _listens(run):
        return False
    os.killpg(run.pid, signal.SIGINT)
    return True


@contextmanager
def hit(
    runs: Runs, after: float, how: Hit, chance: random.Random
) -> Iterator[tuple[bool, int, str]]:
    """One run that is hit `after` seconds: whether it was, its exit code and what it said."""
    with runs.start() as run:
        try:
            time.sleep(after)
            was_hit = how(runs, run, chance)
            runs.hit_at = time.monotonic()
            # Until all that might write to its pipes have ended, too.
            said, errors = run.communicate(timeout=120)
            runs.gone_at = time.monotonic()
        except BaseException:
            run.kill()
            raise
    yield was_hit, run.returncode, said + errors


def count(tally: Tally, runs: Runs, clean: dict[str, str], again: bool = True) -> None:
    """Looks at what a run that was hit has left, runs once more and compares with a clean run."""
    counts = tally.counts
    counts["tries"] += 1
    try:
        tally.slowest = max(tally.slowest, runs.wait_until_gone())
    except AssertionError:
        counts["orphans"] += 1
    # The report of a run that failed differs; clips and the plan never may.
    parts = {n: d for n, d in visible(runs.out).items() if not n.startswith("report.")}
    counts["partial"] += sum(clean.get(name) != value for name, value in parts.items())
    code, said = runs.finish()
    made = visible(runs.out)
    counts["lost"] += sum(made.get(name) != value for name, value in clean.items())
    counts["left"] += len(runs.leftovers()) + len(made.keys() - clean.keys())
    counts["survived"] += made == clean and code == 0 and "Traceback" not in said
