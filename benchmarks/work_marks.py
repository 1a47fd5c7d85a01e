"""Share of the marks of work, set by eye, that the crop shows.

Run: python benchmarks/work_marks.py [FOLDER] [--list]

FOLDER holds the single clips (../shared/footage/wild) and their labels.csv. The marks are in
tests/footage/work_marks.csv: for the picture of `clip` at `time`, the point of the work and the box
around working hands and the things they work on, in fractions of the picture. The labeled span
around each mark, up to 6 seconds of it, is framed as a clip that fills the screen, and as `cut`
frames it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labeled_takes import ROOT, Label, find_labeled

from btsclip.analysis.analysis import track_span
from btsclip.framing.crop import CropKey, CropSpan
from btsclip.framing.layout import LAYOUTS, Canvas, frame_subject
from btsclip.framing.subject import find_subject
from btsclip.media.footage import Footage, probe
from btsclip.presets.schema import Layout

MARKS = ROOT / "tests" / "footage" / "work_marks.csv"
CLIPS = ROOT.parent / "shared" / "footage"
OUTPUT = (1080, 1920)
# Seconds on either side of a mark that are framed.
REACH = 3.0
WAYS: dict[str, tuple[Layout, ...]] = {"crop alone": ("crop",), "as cut": LAYOUTS}


@dataclass(frozen=True)
class Mark:
    """The work at `time` of a clip: its point (x, y) and its box (x0, y0, x1, y1)."""

    clip: str
    time: float
    point: tuple[float, float]
    box: tuple[float, float, float, float]
    what: str


@dataclass(frozen=True)
class ShownMark:
    """Whether a crop shows the point of a mark, and the share of its box that it shows."""

    point: bool
    share: float


def main() -> None:
    """Print the shares for each way of framing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--list", action="store_true", help="print each mark")
    options = parser.parse_args()
    clips = {path.stem: (path, labels) for path, labels, _ in find_labeled(options.folder)}
    held: dict[str, list[ShownMark]] = {way: [] for way in ("center", *WAYS)}
    makers = []
    for mark in read_marks(MARKS):
        if mark.clip not in clips:
            continue
        path, labels = clips[mark.clip]
        makers.append(next(label.maker for label in labels))
        shown = frame_mark(mark, path, labels)
        for way, value in shown.items():
            held[way].append(value)
        if options.list:
            text = "  ".join(f"{way} {v.point:d} {v.share:.2f}" for way, v in shown.items())
            print(f"{mark.clip:20} {mark.time:6.2f}  {text}  {mark.what}", flush=True)
    print(f"{len(makers)} marks of {len(set(makers))} makers")
    for way, values in held.items():
        points = np.mean([value.point for value in values])
        shares = np.mean([value.share for value in values])
        print(f"{way:10}  point held {points:.2f}  share of the box shown {shares:.2f}")


def read_marks(path: Path) -> list[Mark]:
    """The marks of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Mark(
                row["clip"],
                float(row["time"]),
                (float(row["x"]), float(row["y"])),
                (
                    float(row["left"]), float(row["top"]),
                    float(row["right"]), float(row["bottom"]),
                ),
                row["what"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def span_around(mark: Mark, labels: tuple[Label, ...], footage: Footage) -> tuple[float, float]:
    """The labeled span around a mark, up to REACH seconds on either side."""
    label = next(label for label in labels if label.start <= mark.time < label.end)
    return max(label.start, mark.time - REACH), min(label.end, mark.time + REACH, footage.duration)


def frame_mark(mark: Mark, path: Path, labels: tuple[Label, ...]) -> dict[str, ShownMark]:
    """How the crop of each way of framing shows the mark."""
    footage = probe(path)
    start, end = span_around(mark, labels, footage)
    canvas = Canvas(footage.picture_size, OUTPUT)
    subject = find_subject(track_span(footage, start, end), at_work=True)
    span = CropSpan(start, end)
    largest = canvas.largest
    held = {"center": judge(((start, 0.5, 0.5, *largest),), mark)}
    for way, layouts in WAYS.items():
        framing = frame_subject(subject, span, canvas, layouts)
        held[way] = judge(framing.keys or ((start, 0.5, 0.5, 1.0, 1.0),), mark)
        if framing.below:
            held[way] = max(held[way], judge(framing.below, mark), key=lambda held: held.share)
    return held


def judge(keys: tuple[CropKey, ...], mark: Mark) -> ShownMark:
    """How a crop's path shows a mark."""
    path = np.array(keys)
    cx, cy, w, h = (np.interp(mark.time, path[:, 0], path[:, k]) for k in range(1, 5))
    x0, y0, x1, y1 = mark.box
    width = max(0.0, min(x1, cx + w / 2) - max(x0, cx - w / 2))
    height = max(0.0, min(y1, cy + h / 2) - max(y0, cy - h / 2))
    x, y = mark.point
    return ShownMark(
        bool(abs(x - cx) <= w / 2 and abs(y - cy) <= h / 2),
        width * height / ((x1 - x0) * (y1 - y0)),
    )


if __name__ == "__main__":
    main()
