"""Hands kept by the crop, and calmness of its path, beside a center crop and a following crop.

Run: python benchmarks/framing.py [FOLDER ...]

Each FOLDER holds takes NAME.mp4 with NAME.labels.csv (as for accuracy.py); every labeled part with
work and hands is framed as one clip. The true hands come from a search of their own: in the whole
picture and in tiles, five times a second, without following, with a presence of 0.5 or more. It has
errors, too: a pattern mistaken for a hand counts against every way of framing.

inside   share of the time in which the box around all hands is completely in the crop
cut off  mean share of this box's area outside of the crop
jerk     mean size of the path's third derivative within shots, widths a second cubed, at ten points
         a second
turns    changes of direction a minute

`btsclip` frames the hands alone, `as cut` also goes where the work is, as `cut` does with work.
`required` is the box that framing tries to keep: the hands that do most of the work. If pyautoflip
is installed, its path is measured, too (it needs torch and replaces OpenCV: best in an environment
of its own).
"""

from __future__ import annotations

import argparse
import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pyautoflip_path import pyautoflip_path

from btsclip.analysis.analysis import analyze_footage, track_span
from btsclip.framing.crop import CropKey, CropSpan, share_inside, share_shown
from btsclip.framing.layout import Canvas, Framing, frame_subject
from btsclip.framing.subject import Region, find_subject, interpolate_boxes
from btsclip.geometry import hull
from btsclip.media.footage import Footage
from btsclip.media.frames import read_frames
from btsclip.media.probing import probe
from btsclip.planning.framing import exact_borders
from btsclip.signals.hands import HandDetector, tiles, whole_region

ROOT = Path(__file__).parents[1]
OUTPUT = (1080, 1920)
# Presence of a true hand, and searches a second.
MIN_PRESENCE = 0.5
RATE = 5.0
# Samples with hands, for a part to count.
MIN_SAMPLES = 8


@dataclass(frozen=True)
class Way:
    """The figures of one way of framing."""

    inside: float
    cut_off: float
    jerk: float
    turns: float


def main() -> None:
    """Print a line per labeled part and way, and the means."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders or [ROOT.parent / "shared/footage", ROOT / "samples"]
    cv2.setNumThreads(1)
    rows: list[tuple[float, dict[str, Way]]] = []
    print(f"{'part':34} {'way':10} inside cut off   jerk  turns  layout")
    for labels in sorted(itertools.chain(*(folder.glob("*.labels.csv") for folder in folders))):
        footage = probe(labels.with_name(labels.name.replace(".labels.csv", ".mp4")))
        borders = analyze_footage(footage).signals.borders
        for part in csv.DictReader(labels.open()):
            if part["process"] == "1" and part["hands"] == "1":
                start, end = float(part["start"]) + 0.05, float(part["end"]) - 0.05
                span = CropSpan(start, end, exact_borders(footage, start, end, borders))
                ways, framing = compare(footage, span)
                if not ways:
                    continue
                rows.append((span.end - span.start, ways))
                name = f"{footage.path.stem} {part['source']} {span.start:.0f}"
                for way, figures in ways.items():
                    print_way(name, way, figures, framing.layout if way == "btsclip" else "")
    for way in rows[0][1]:
        weights = [seconds for seconds, _ in rows]
        columns = zip(*[(w[way].inside, w[way].cut_off, w[way].jerk, w[way].turns)
                        for _, w in rows], strict=True)  # fmt: skip
        print_way("all", way, Way(*(float(np.average(c, weights=weights)) for c in columns)), "")


def print_way(name: str, way: str, figures: Way, layout: str) -> None:
    """Print a line of the table."""
    print(
        f"{name:34} {way:10} {figures.inside:6.3f} {figures.cut_off:7.3f} {figures.jerk:6.2f}"
        f" {figures.turns:6.1f}  {layout}",
        flush=True,
    )


def compare(footage: Footage, span: CropSpan) -> tuple[dict[str, Way], Framing]:
    """The figures of all ways of framing one span; none if too few hands are found."""
    times, hands = find_hands(footage, span)
    canvas = Canvas((footage.width, footage.height), OUTPUT)
    tracks = track_span(footage, span.start, span.end)
    subject = find_subject(tracks, span.borders)
    framing = frame_subject(subject, span, canvas)
    at_work = find_subject(tracks, span.borders, at_work=True)
    as_cut = frame_subject(at_work, span, canvas)
    if hands.seen.sum() < MIN_SAMPLES:
        return {}, framing
    size = canvas.largest
    follow = [(float(t), *np.clip(box[:2], np.array(size) / 2, 1 - np.array(size) / 2), *size)
              for t, box in zip(times, hands.box, strict=True)]  # fmt: skip
    whole_picture = [(span.start, 0.5, 0.5, 1.0, 1.0)]
    btsclip_keys, keys_as_cut = (made.keys or whole_picture for made in (framing, as_cut))
    pyautoflip_keys = pyautoflip_path(footage, span)
    pyautoflip = {"pyautoflip": judge(pyautoflip_keys, times, hands)} if pyautoflip_keys else {}
    return {
        "btsclip": judge(btsclip_keys, times, hands),
        "as cut": judge(keys_as_cut, times, hands),
        "required": judge(btsclip_keys, subject.times, subject.required),
        "center": judge([(span.start, 0.5, 0.5, *size)], times, hands),
        "following": judge(follow, times, hands),
        **pyautoflip,
    }, framing


def find_hands(footage: Footage, span: CropSpan) -> tuple[NDArray[np.float64], Region]:
    """Times of the searches, and the box around all hands found."""
    detector = HandDetector()
    times: list[float] = []
    boxes: list[list[float]] = []
    for frame in read_frames(footage, [(span.start, span.end)], rate=RATE):
        image = frame.image
        hands = [
            hand.box
            for hand in detector.search(image, [whole_region(image), *tiles(image)])
            if hand.presence >= MIN_PRESENCE
        ]
        times.append(frame.time)
        boxes.append(list(hull(hands)) if hands else [np.nan] * 4)
    box = np.array(boxes)
    seen = np.isfinite(box[:, 0])
    return np.array(times), Region(interpolate_boxes(box), seen.astype(float))


def judge(keys: Sequence[CropKey], times: NDArray[np.floating], region: Region) -> Way:
    """The figures of a path, by the box `region` at `times`."""
    path = np.array(keys)
    size = (float(path[0, 3]), float(path[0, 4]))
    centers = np.column_stack([np.interp(times, path[:, 0], path[:, k]) for k in (1, 2)])
    even = np.arange(times[0], times[-1], 0.1)
    fine = np.column_stack([np.interp(even, path[:, 0], path[:, k]) for k in (1, 2)])
    # At a shot border the crop switches with the picture, which is no jerk.
    switches = path[1:, 0][np.diff(path[:, 0]) == 0]
    within = [not ((switches > a) & (switches <= a + 0.3)).any() for a in even[:-3]]
    jerk = (np.diff(fine, 3, axis=0) / 0.1**3)[within]
    speed = np.diff(fine, axis=0)
    moving = np.where(np.abs(speed) < 1e-5, 0, np.sign(speed))
    turns = sum(int(np.count_nonzero(np.diff(axis[axis != 0]) != 0)) for axis in moving.T)
    return Way(
        share_inside(region, centers, size),
        1 - share_shown(region, centers, size),
        float(np.hypot(jerk[:, 0], jerk[:, 1]).mean()) if len(jerk) else 0.0,
        turns / (times[-1] - times[0]) * 60,
    )


if __name__ == "__main__":
    main()
