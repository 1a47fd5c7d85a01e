"""First pictures of clips that hold hands, as far as can be computed, and a sheet to judge by eye.

Run: python benchmarks/first_pictures.py PLAN.json ... [--sheet SHEET.png] [--last]

Each PLAN.json comes from `btsclip plan` or `btsclip cut`. The first picture of each clip is taken
as it is shown: in its crop, without texts. Of each process clip the table says

palm     whether a search of its own for hands (whole picture and tiles, presence of 0.5 or more)
         finds one in the first picture, or in those half a second and one second later
label    what NAME.labels.csv beside the take NAME.mp4 says of the start: hands, work or none
motion   the mean speed of what moves in the first second, in picture widths a second
sharp    sharpness of the first picture as a share of the sharpest in the first two seconds

The search misses hands in gloves, hands that are cut off and tools that work alone. So the sheet,
with the number of each clip, is what counts: look whether hands or what is worked on are there.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btsclip.framing.screen import crop_at
from btsclip.geometry import WHOLE, Box, pixels_of
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame, read_every_frame
from btsclip.media.probing import probe
from btsclip.plan.io import read_plan
from btsclip.plan.model import Clip, Span
from btsclip.signals.hands import HandDetector, tiles, whole_region
from btsclip.signals.motion import MotionMeter
from btsclip.signals.quality import sharpness

Picture = NDArray[np.uint8]
# Presence of a hand that is surely one.
MIN_PRESENCE = 0.5
# Seconds after the start at which hands are searched for.
LOOKS = (0.0, 0.5, 1.0)
# Seconds that are read, and frames a second in them.
READ_SECONDS = 2.0
RATE = 10.0
# Longer side in pixels of the pictures that are searched, and height of those on the sheet.
SIDE = 960
TILE_HEIGHT = 320
COLUMNS = 10


def main() -> None:
    """Print a line per process clip and the shares, and write the sheet."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plans", nargs="+", type=Path)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--last", action="store_true", help="the last pictures on the sheet, too")
    arguments = parser.parse_args()
    found: list[tuple[bool, ...]] = []
    labels: list[str] = []
    pictures: list[Picture] = []
    for number, clip in enumerate(process_clips(arguments.plans), 1):
        span = clip.spans[0]
        footage = probe(span.source)
        frames = list(read_span(footage, span.start, span.start + READ_SECONDS))
        shown = [as_shown(at(frames, span.start + look), span) for look in LOOKS]
        hands = tuple(any(has_hand(part) for part in parts) for parts in shown)
        found.append(hands)
        labels.append(label_of(footage, span.start))
        marks = " ".join("hand" if seen else "-   " for seen in hands)
        sharp = [sharpness(frame.image) for frame in frames]
        print(f"{number:3} {clip.id:44} {marks} {labels[-1]:6} {motion(frames):6.3f}"
              f" {sharp[0] / max(sharp):5.2f}", flush=True)  # fmt: skip
        pictures.append(tile(shown[0], number))
        if arguments.last:
            last = clip.spans[-1]
            # At the border of a shot, the next picture is of another one.
            ending = list(read_span(footage, last.end - 0.3, last.end - 0.6 / footage.fps))
            pictures.append(tile(as_shown(ending[-1], last), number))
    print(describe(found, labels))
    if arguments.sheet:
        cv2.imwrite(str(arguments.sheet), cv2.cvtColor(join(pictures), cv2.COLOR_RGB2BGR))


def process_clips(plans: Sequence[Path]) -> Iterator[Clip]:
    """The process clips of all plans."""
    for path in plans:
        yield from (clip for clip in read_plan(path).clips if clip.kind == "process")


def read_span(footage: Footage, start: float, end: float) -> Iterator[Frame]:
    """About RATE frames a second."""
    due = start - 1e-3
    for frame in read_every_frame(footage, (start, end), side=SIDE):
        if frame.time >= due:
            due += 1 / RATE
            yield Frame.of(frame.time, frame.image)


def at(frames: Sequence[Frame], time: float) -> Frame:
    """The frame nearest to `time`."""
    return min(frames, key=lambda frame: abs(frame.time - time))


def as_shown(frame: Frame, span: Span) -> list[Picture]:
    """The parts of the frame that the clip shows: one, or two of a split picture."""
    paths = [keys for keys in (span.crop, span.below) if keys]
    boxes: list[Box] = [crop_at(keys, frame.time) for keys in paths] or [WHOLE]
    parts = []
    for box in boxes:
        rows, columns = pixels_of(box, frame.image.shape)
        parts.append(np.ascontiguousarray(frame.image[rows, columns]))
    return parts


def has_hand(picture: Picture) -> bool:
    """Whether a hand is surely in the picture."""
    regions = [whole_region(picture), *tiles(picture)]
    hands = HandDetector().search(picture, regions)
    return any(hand.presence >= MIN_PRESENCE for hand in hands)


def motion(frames: Sequence[Frame]) -> float:
    """Mean speed of what moves in the first second."""
    meter = MotionMeter()
    seen = [meter.update(frame) for frame in frames if frame.time <= frames[0].time + 1]
    return float(np.mean([moved.local for moved in seen if moved] or [0.0]))


def label_of(footage: Footage, time: float) -> str:
    """What the labels beside the take say of `time`: hands, work, none, or - without labels."""
    path = footage.path.with_suffix(".labels.csv")
    if not path.exists():
        return "-"
    for row in csv.DictReader(path.open()):
        if float(row["start"]) <= time < float(row["end"]):
            return "hands" if row["hands"] == "1" else "work" if row["process"] == "1" else "none"
    return "-"


def tile(parts: Sequence[Picture], number: int) -> Picture:
    """The parts of a picture above each other in one of TILE_HEIGHT, with its number."""
    height = TILE_HEIGHT // len(parts)
    scaled = [cv2.resize(part, (max(1, round(part.shape[1] * height / part.shape[0])), height))
              for part in parts]  # fmt: skip
    width = min(part.shape[1] for part in scaled)
    picture = np.vstack([part[:, :width] for part in scaled])
    cv2.putText(picture, str(number), (6, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 5)
    cv2.putText(picture, str(number), (6, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 0), 2)
    return np.asarray(picture, np.uint8)


def join(pictures: Sequence[Picture]) -> Picture:
    """All pictures in rows of COLUMNS."""
    rows = [np.hstack(pictures[i : i + COLUMNS]) for i in range(0, len(pictures), COLUMNS)]
    width = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows])


def describe(found: Sequence[tuple[bool, ...]], labels: Sequence[str]) -> str:
    """The shares of all clips."""
    count = len(found)
    first, soon = sum(hands[0] for hands in found), sum(any(hands) for hands in found)
    known = [label for label in labels if label != "-"]
    worked = sum(label != "none" for label in known)
    return (
        f"{count} process clips: palm in the first picture {first / count:.0%},"
        f" within a second {soon / count:.0%}; labels: {worked} of {len(known)} start in work"
    )


if __name__ == "__main__":
    main()
