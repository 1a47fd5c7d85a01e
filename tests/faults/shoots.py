"""A small shoot, and runs of `btsclip batch` on it that can be interrupted at any time."""

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
# All processes that a run starts have this in their environment, even orphans.
MARK = "BTSCLIP_FAULT_RUN"
# Seconds after which all processes of a killed run must be gone.
MAX_SECONDS_TO_END = 5.0
# Name -> seconds of the sample; the first two show work.
TAKES = {"chop.mp4": (14, 19), "knead.mp4": (5, 10), "empty counter.mp4": (0, 4)}


def open_to_all(folder: Path) -> None:
    """Let every user reach `folder` of a test; pytest's own folders are closed to others."""
    for place in (folder, *folder.parents):
        if place == Path(tempfile.gettempdir()):
            break
        place.chmod(0o755)


def make_shoot(folder: Path, *names: str) -> Path:
    """A folder with the takes of these `names` (default: all of TAKES) and a preset for them."""
    folder.mkdir(parents=True)
    for name in names or TAKES:
        part(folder / name, *TAKES[name])
    look(folder)
    return folder


def visible(folder: Path) -> dict[str, str]:
    """Names and digests of the files a user sees in a folder, except for the log, which grows."""
    if not folder.exists():
        return {}
    files = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return {path.name: digest(path) for path in files if path.suffix != ".log"}


@dataclass
class Runs:
    """Runs over one shoot into the folder `out`, with their own cache and temporary folder."""

    shoot: Path
    out: Path
    temp: Path
    cache: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    more: tuple[str, ...] = ()
    # Times when the last run was hit, and when all of its processes had ended.
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
        """Start a run."""
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
        """Run to the end. Returns the exit code and the output."""
        with self.start(**how) as run:
            output, errors = run.communicate(timeout=120)
        return run.returncode, output + errors

    def processes(self, like: str = "") -> list[int]:
        """The ids of all processes of these runs whose command line contains `like`."""
        pids = []
        for place in Path("/proc").iterdir():
            if place.name.isdigit() and int(place.name) != os.getpid():
                try:
                    if f"{MARK}={self.mark}".encode() in (place / "environ").read_bytes():
                        command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        if command and like in command:
                            pids.append(int(place.name))
                except (OSError, ValueError):
                    continue
        return pids

    def wait_until_gone(self) -> float:
        """Seconds from the hit until no process was left. Fails MAX_SECONDS_TO_END after the end of
        the run."""
        began = time.monotonic()
        while left := self.processes():
            assert time.monotonic() - began < MAX_SECONDS_TO_END, f"still running: {left}"
            time.sleep(0.05)
            self.gone_at = time.monotonic()
        return self.gone_at - self.hit_at

    def leftovers(self) -> list[str]:
        """Unfinished files in the results and in the system's temporary folder."""
        inside = [p.name for p in self.out.glob(f"{STAGING_PREFIX}*")] if self.out.exists() else []
        ledger = self.out / LEDGER_FOLDER
        others = [p.name for p in ledger.glob("*")] if ledger.exists() else []
        others = [name for name in others if not name.startswith(("ledger.sqlite3", "lock"))]
        return [*inside, *others, *(p.name for p in self.temp.glob("*"))]


@dataclass(frozen=True)
class Clean:
    """An undisturbed run: its results, its warm cache, and the seconds of a run with that cache."""

    files: dict[str, str]
    cache: Path
    seconds: float


@dataclass
class Tally:
    """The results of many runs that were hit in the same way."""

    kind: str
    counts: Counter[str] = field(default_factory=Counter)
    # Seconds from the hit to the end of the last process, if the hit ends the run.
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


def _make_killer(like: str) -> Hit:
    def kill(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
        while run.poll() is None:
            pids = [pid for pid in runs.processes(like) if pid != run.pid]
            if pids:
                try:
                    os.kill(chance.choice(pids), signal.SIGKILL)
                except ProcessLookupError:
                    continue
                return True
            time.sleep(0.002)
        return False

    return kill


kill_worker = _make_killer("spawn_main")
kill_ffmpeg = _make_killer("-hide_banner")
kill_sound = _make_killer("f32le")


def _wait_for_handlers(run: subprocess.Popen[str]) -> bool:
    """Wait until the program handles signals; before that, Python is still starting."""
    while run.poll() is None:
        status = Path(f"/proc/{run.pid}/status").read_text()
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            return True
        time.sleep(0.01)
    return False


def terminate(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
    """SIGTERM, as the system sends it when it shuts down."""
    if not _wait_for_handlers(run):
        return False
    run.terminate()
    return True


def interrupt(runs: Runs, run: subprocess.Popen[str], chance: random.Random) -> bool:
    """Ctrl-C in a terminal: all processes of its foreground group get it."""
    if not _wait_for_handlers(run):
        return False
    os.killpg(run.pid, signal.SIGINT)
    return True


@contextmanager
def hit(
    runs: Runs, after: float, how: Hit, chance: random.Random
) -> Iterator[tuple[bool, int, str]]:
    """Hit one run `after` seconds. Yields whether it was hit, its exit code and its output."""
    with runs.start() as run:
        try:
            time.sleep(after)
            was_hit = how(runs, run, chance)
            runs.hit_at = time.monotonic()
            # This also waits for the end of all processes that may write to its pipes.
            output, errors = run.communicate(timeout=120)
            runs.gone_at = time.monotonic()
        except BaseException:
            run.kill()
            raise
    yield was_hit, run.returncode, output + errors


def count(tally: Tally, runs: Runs, clean: dict[str, str], again: bool = True) -> None:
    """Count what a run that was hit has left, run again, and compare with a clean run."""
    counts = tally.counts
    counts["tries"] += 1
    try:
        tally.slowest = max(tally.slowest, runs.wait_until_gone())
    except AssertionError:
        counts["orphans"] += 1
    # The report of a run that failed differs; clips and the plan never may.
    parts = {n: d for n, d in visible(runs.out).items() if not n.startswith("report.")}
    counts["partial"] += sum(clean.get(name) != value for name, value in parts.items())
    code, output = runs.finish()
    files = visible(runs.out)
    counts["lost"] += sum(files.get(name) != value for name, value in clean.items())
    counts["left"] += len(runs.leftovers()) + len(files.keys() - clean.keys())
    counts["survived"] += files == clean and code == 0 and "Traceback" not in output
