"""Lines typed as a reader types them: in a folder with only what the page says is there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from given import GivenFiles
from interrupts import hears_interrupts
from pages import ROOT, DocLine
from promised import promised, result_folder

# Folders that are also tried under a name with a blank in it.
FOLDERS = ("saturday", "clips", "kitchen-clips", "videos", "s")
# What goes on until it is interrupted; seconds until it has done what it is asked for.
LASTING = (("btsclip", "watch"), ("btsclip", "review"), ("dask", "scheduler"), ("dask", "worker"))
PATIENCE = 240.0
INTERRUPTED = 130


@dataclass(frozen=True)
class Outcome:
    """What came of a line: its exit code, or None where it was not run or `runs_on` for the lines
    after it. `faults` are what went wrong."""

    line: DocLine
    typed: str
    exit: int | None = None
    faults: tuple[str, ...] = ()
    runs_on: bool = False

    def __str__(self) -> str:
        came = "runs on" if self.runs_on else f"exit {self.exit}"
        if self.line.reason:
            came = f"not run ({self.line.reason}):"
        return f"{self.line.where:24} {came:10} {self.typed}"


@dataclass
class Reader:
    """Somebody who types lines in `folder`."""

    folder: Path
    blank: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    _servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def lay(self, given: GivenFiles, names: tuple[str, ...]) -> None:
        """Puts the given files into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("presets", *names):
            given.lay(name, self.folder, self.named(name))

    def named(self, word: str) -> str:
        """`word`, or where it names one of FOLDERS and this reader likes blanks, one with them."""
        first = word.split("/")[0]
        return f"my {word}" if self.blank and first in FOLDERS else word

    def typed(self, line: DocLine) -> str:
        """The line as this reader types it."""
        words = [self.named(word) for word in line.words]
        return line.text if words == line.words else shlex.join(words)

    def type(self, line: DocLine) -> Outcome:
        """Types the line and looks at its exit code and at what it promised."""
        text = self.typed(line)
        words = shlex.split(text)
        self._clear_way(words)
        if tuple(words[:2]) in LASTING:
            return self._type_lasting(line, text, words)
        done = subprocess.run(
            ["bash", "-c", text], cwd=self.folder, env=self._environ(), text=True,
            encoding="utf-8", capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        faults = [] if done.returncode == 0 else [f"exit {done.returncode}: {done.stderr[-600:]}"]
        if not faults and not (done.stdout + done.stderr).strip():
            faults.append("it says nothing")
        return Outcome(line, text, done.returncode, (*faults, *self._missing(words)))

    def end_servers(self) -> None:
        """Ends what was left running for later lines, such as a scheduler."""
        for server in reversed(self._servers):
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()

    def _type_lasting(self, line: DocLine, text: str, words: list[str]) -> Outcome:
        with self._started(text, keep=words[0] == "dask") as (running, said):
            ready = self._ready(words, said)
            came = _until(lambda: ready() or running.poll() is not None)
            fault = [] if came and running.poll() is None else [f"never ready: {said()[-600:]}"]
            if words[0] == "dask":
                return Outcome(line, text, faults=tuple(fault), runs_on=True)
            if running.poll() is None:
                running.send_signal(signal.SIGINT)
            code = running.wait(60)
        if code != INTERRUPTED:
            fault.append(f"exit {code} instead of {INTERRUPTED}: {said()[-600:]}")
        return Outcome(line, text, code, (*fault, *self._missing(words)))

    @contextmanager
    def _started(
        self, text: str, keep: bool
    ) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
        """The line at work, and what it has said so far; ended afterwards unless it is kept."""
        log = self.folder / "home" / f"{len(text)}-{time.monotonic_ns()}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("w") as file:
            running = subprocess.Popen(
                ["bash", "-c", f"exec {text}"], cwd=self.folder, env=self._environ(), text=True,
                stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True,
                preexec_fn=hears_interrupts,
            )  # fmt: skip
        if keep:
            self._servers.append(running)
        try:
            yield running, lambda: log.read_text("utf-8", "replace")
        finally:
            if not keep and running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()

    def _ready(self, words: list[str], said: Callable[[], str]) -> Callable[[], bool]:
        """Whether a line that goes on has done what it is asked for."""
        match words[:2]:
            case ["btsclip", "watch"]:
                # What an earlier line made may be there from the start.
                return lambda: "watching" in said() and not self._missing(words)
            case ["btsclip", "review"]:
                return lambda: _page_opens(said())
            case ["dask", "scheduler"]:
                return lambda: "Scheduler at:" in said()
            case _:
                return lambda: "Registered to:" in said()

    def _missing(self, words: list[str]) -> list[str]:
        """What was promised and is not there."""
        return [
            f"no {pattern}"
            for pattern in promised(words)
            if not any(p.stat().st_size for p in self.folder.glob(pattern))
        ]

    def _clear_way(self, words: list[str]) -> None:
        """Takes away what an earlier line made in the same place: a page shows alternatives."""
        if (made := result_folder(words)) and (self.folder / made).is_dir():
            shutil.rmtree(self.folder / made)

    def _environ(self) -> dict[str, str]:
        """A home of the reader's own, the programs of this Python, and no package index."""
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        home = self.folder / "home"
        own = {"HOME": str(home), "PATH": programs, "PIP_NO_INDEX": "1", "BROWSER": "true"}
        own["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        own["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        kept = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
        return kept | own | self.environment


def port_is_free(port: int) -> bool:
    """Whether nothing on this machine listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _page_opens(said: str) -> bool:
    """Whether the address that was printed shows a page."""
    address = re.search(r"http://\S+", said)
    if not address:
        return False
    # The address lets a window in by a cookie.
    window = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with window.open(address.group(), timeout=60) as page:
        return bool(page.status == 200 and b"<html" in page.read())


def _until(ready: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.3)
    return False
