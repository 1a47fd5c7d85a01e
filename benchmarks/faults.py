"""Kill runs of `btsclip batch` at seeded times over their length, restart them, and count losses.

Run: python benchmarks/faults.py --tries 30

Linux only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "faults"), str(ROOT / "tests")]

import shoots  # noqa: E402
from shoots import Clean, Runs, Tally  # noqa: E402
from test_killed import hit_many  # noqa: E402

KINDS = {
    "kill -9 of the program": shoots.kill_parent,
    "kill -9 of a worker": shoots.kill_worker,
    "kill -9 of ffmpeg": shoots.kill_ffmpeg,
    "SIGTERM": shoots.terminate,
    "Ctrl-C": shoots.interrupt,
}


def main() -> None:
    """Print the fault table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=30)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    options = parser.parse_args()
    # A plan beside its takes names them by relative paths, and so records its own folder.
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as takes:
        place = Path(folder)
        shoot = shoots.make_shoot(Path(takes) / "shoot")
        first, warm = (Runs(shoot, place / n, place / "temp", place / "cache") for n in "ab")
        first.finish()
        began = time.monotonic()
        warm.finish()
        clean = Clean(shoots.visible(first.out), place / "cache", time.monotonic() - began)
        assert clean.files == shoots.visible(warm.out)
        print(Tally.HEAD, flush=True)
        for kind in options.kinds:
            tally = hit_many(kind, KINDS[kind], options.tries, clean, shoot, place / kind)
            print(tally.row(), flush=True)


if __name__ == "__main__":
    main()
