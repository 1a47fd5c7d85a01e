"""Cut hundreds of damaged files in one batch, and count what becomes of them.

Run: python benchmarks/fuzz.py --files 300

Each file is a part of the sample with a knife at work, in one of five containers, with flipped
bytes, cut off, with atoms swapped, without its index, or with absurd lengths. A file may be cut,
hold nothing worth cutting, or fail with a cause and a cure; anything else is counted as a fault.

Linux only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "faults"), str(ROOT / "tests")]

import media  # noqa: E402
from shoots import Runs, make_shoot, visible  # noqa: E402
from small_shoot import part  # noqa: E402
from test_fuzzed import CONTAINERS, WAYS, fuzz  # noqa: E402

HEAD = """\
| damage | files | cut | with a warning | nothing | cause and cure | stuck | Python error |
|---|---|---|---|---|---|---|---|"""


# What is said of files whose task did not end by itself.
ENDED = ("did not end within", "its process ended")


def main() -> None:
    """Print the table of what became of the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shoot = make_shoot(place / "shoot", "chop.mp4")
        fuzz(shoot, _containers(place / "whole"), options.files, options.seed)
        runs = Runs(shoot, place / "out", place / "temp", place / "cache")
        began = time.monotonic()
        with runs.start() as run:
            output, errors = run.communicate(timeout=7200)
        seconds = time.monotonic() - began
        print(HEAD)
        for way, counts in _count(runs).items():
            print(f"| {way} | " + " | ".join(map(str, counts)) + " |")
        done = set(visible(runs.out))
        print(
            f"exit {run.returncode}, {seconds:.0f} s, {len(done)} files of results, "
            f"{len(runs.leftovers())} left over, {len(runs.processes())} processes left, "
            f"{(output + errors).count('Traceback')} tracebacks"
        )


def _containers(folder: Path) -> list[bytes]:
    """Two and a half seconds of chopping in each container."""
    folder.mkdir()
    plain = part(folder / "plain.mp4", 14, 16.5)
    wholes = [plain.read_bytes()]
    for name, extra in CONTAINERS:
        media.ffmpeg("-i", plain, "-c", "copy", *extra, folder / name)
        wholes.append((folder / name).read_bytes())
    return wholes


def _count(runs: Runs) -> dict[str, list[int]]:
    """For each way of damage: files, cut, cut with a warning, nothing worth cutting, failed with
    cause and cure, stuck or killed, with the name of a Python error."""
    report = json.loads((runs.out / "report.json").read_text("utf-8"))
    plan = json.loads((runs.out / "plan.json").read_text("utf-8"))
    warned = {
        Path(span["source"]).name
        for clip in plan["clips"] if clip["warnings"] for span in clip["spans"]
    }  # fmt: skip
    failures = {Path(item["file"]).name: item for item in report["failures"]}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in report["rows"]:
        name = Path(row["file"]).name
        way = name.partition("-")[2].rpartition(".")[0]
        if way not in {way.__name__ for way in WAYS}:
            continue
        failure = failures.get(name)
        counts[way]["files"] += 1
        counts[way]["cut"] += row["state"] == "cut"
        counts[way]["warned"] += row["state"] == "cut" and name in warned
        counts[way]["nothing"] += row["state"] in ("nothing", "left out")
        counts[way]["failed"] += bool(failure and failure["cause"] and failure["cure"])
        counts[way]["stuck"] += any(text in row["why"] for text in ENDED)
        counts[way]["error"] += "Error:" in row["why"]
    columns = ("files", "cut", "warned", "nothing", "failed", "stuck", "error")
    return {way: [counts[way][column] for column in columns] for way in sorted(counts)}


if __name__ == "__main__":
    main()
