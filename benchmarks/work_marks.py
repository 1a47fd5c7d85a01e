"""Share of the marks of work, set by eye, that the crop shows.

Run: python benchmarks/work_marks.py [FOLDER] [--list]

FOLDER holds the single clips (../shared/footage/wild) and their labels.csv. The marks are in
tests/footage/work_marks.csv: for the picture of `clip` at `time`, the point of the work and the box
around working hands and the things they work on, in fractions of the picture. The labeled span
around each mark, up to 6 seconds of it, is framed as a clip that fills the screen, and as `cut`
frames it.

tests/footage/worked_on_marks.csv has boxes of the thing alone that the hands work on: the board,
the pan, the plate. Of these, the share that a crop shows is also given in shares of the most that a
crop of its size could show. `4K` is the same footage as if it had 3840 columns, so that a crop may
be tighter.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labeled_takes import ROOT, Label, find_labeled

from btsclip.analysis.analysis import track_span
from btsclip.framing.crop import CropKey, CropSpan
from btsclip.framing.layout import LAYOUTS, Canvas, frame_subject
from btsclip.framing.subject import find_subject
from btsclip.media.footage import Footage
from btsclip.media.probing import probe

MARKS = ROOT / "tests" / "footage" / "work_marks.csv"
WORKED_ON = MARKS.with_name("worked_on_marks.csv")
CLIPS = ROOT.parent / "shared" / "footage"
OUTPUT = (1080, 1920)
# Columns of 4K.
WIDE_PIXELS = 3840
# Seconds on either side of a mark that are framed.
REACH = 3.0


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
    """Whether a crop shows the point of a mark, the share of its box that it shows, and the largest
    share that a crop of its size could show."""

    point: bool
    share: float
    best_share: float


def main() -> None:
    """Print the shares for each way of framing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--list", action="store_true", help="print each mark")
    options = parser.parse_args()
    clips = {path.stem: (path, labels) for path, labels, _ in find_labeled(options.folder)}
    for path, what in ((MARKS, "work"), (WORKED_ON, "things worked on")):
        print_shares(read_marks(path), what, clips, options.list)


def print_shares(
    marks: list[Mark], what: str, clips: dict[str, tuple[Path, tuple[Label, ...]]], listed: bool
) -> None:
    """Print the shares of `marks` that each way of framing shows, and with `listed` each mark."""
    held: dict[str, list[ShownMark]] = {}
    layouts: list[str] = []
    makers = []
    for mark in marks:
        if mark.clip not in clips:
            continue
        path, labels = clips[mark.clip]
        makers.append(labels[0].maker)
        shown, layout = frame_mark(mark, path, labels)
        layouts.append(layout)
        for way, value in shown.items():
            held.setdefault(way, []).append(value)
        if listed:
            text = "  ".join(f"{way} {v.point:d} {v.share:.2f}" for way, v in shown.items())
            print(f"{mark.clip:20} {mark.time:6.2f}  {text}  {layout}  {mark.what}", flush=True)
    print(f"{what}: {len(makers)} marks of {len(set(makers))} makers")
    for way, values in held.items():
        points, shares, best = (
            np.mean([getattr(value, key) for value in values])
            for key in ("point", "share", "best_share")
        )
        print(
            f"{way:10}  point held {points:.3f}  share of the box shown {shares:.3f}"
            f"  of a possible {best:.3f}"
        )
    print("layouts as cut:", dict(Counter(layouts)))


def read_marks(path: Path) -> list[Mark]:
    """The marks of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Mark(
                row["clip"],
                float(row["time"]),
                point_of(row, *box_of(row)),
                box_of(row),
                row["what"],
            )
            for row in csv.DictReader(file)
        ]


def box_of(row: dict[str, str]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a mark."""
    left, top, right, bottom = (float(row[key]) for key in ("left", "top", "right", "bottom"))
    return left, top, right, bottom


def point_of(
    row: dict[str, str], left: float, top: float, right: float, bottom: float
) -> tuple[float, float]:
    """The point of a mark, by default the middle of its box."""
    return float(row.get("x", (left + right) / 2)), float(row.get("y", (top + bottom) / 2))


def span_around(mark: Mark, labels: tuple[Label, ...], footage: Footage) -> tuple[float, float]:
    """The labeled span around a mark, up to REACH seconds on either side."""
    label = next(label for label in labels if label.start <= mark.time < label.end)
    return max(label.start, mark.time - REACH), min(label.end, mark.time + REACH, footage.duration)


def frame_mark(
    mark: Mark, path: Path, labels: tuple[Label, ...]
) -> tuple[dict[str, ShownMark], str]:
    """How the crop of each way of framing shows the mark, and the layout as cut."""
    footage = probe(path)
    start, end = span_around(mark, labels, footage)
    width, height = footage.picture_size
    canvas = Canvas((width, height), OUTPUT)
    large = Canvas((WIDE_PIXELS, round(height * WIDE_PIXELS / width)), OUTPUT)
    subject = find_subject(track_span(footage, start, end), at_work=True)
    span = CropSpan(start, end)
    held = {"center": judge(((start, 0.5, 0.5, *canvas.largest),), mark)}
    layout = ""
    for way, on, layouts in (
        ("crop alone", canvas, ("crop",)),
        ("4K, alone", large, ("crop",)),
        ("as cut", canvas, LAYOUTS),
    ):
        framing = frame_subject(subject, span, on, layouts)
        layout = framing.layout
        held[way] = judge(framing.keys or ((start, 0.5, 0.5, 1.0, 1.0),), mark)
        if framing.below:
            held[way] = max(held[way], judge(framing.below, mark), key=lambda held: held.share)
    return held, layout


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
        float(min(1.0, w / (x1 - x0)) * min(1.0, h / (y1 - y0))),
    )


if __name__ == "__main__":
    main()
