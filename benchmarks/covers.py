"""Covers of clips from takes: what they show, how sharp they are, and what choosing them costs.

    python benchmarks/covers.py TAKE... [--preset honest-kitchen] [--labels LABELS.csv]

For each clip of each take, the picture at 40 % of the clip is compared with the chosen one, and
with the other pictures to choose from:

- hands: the hand network finds a hand on the screen, in a picture of 1280 pixels;
- labeled: a person marked work or hands at that time of the take. Labels are read from TAKE's
  own `.labels.csv` (start,end,process,hands) and from LABELS.csv (the same after a column `clip`);
- sharpness: edges of the screen in full size (mean Sobel gradient), over their median in the clip
  and over that within half a second, where the screen shows much the same.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from btsclip.framing.screen import crop_at
from btsclip.geometry import pixels_of, to_picture
from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.plan.covers import cover_choices
from btsclip.plan.model import Clip, Span
from btsclip.planning import framing
from btsclip.planning.clips import make_plan
from btsclip.presets.load import load_preset
from btsclip.signals.hands import HandDetector, tiles, whole_region

USUAL_SHARE = 0.4
HAND_SIDE = 1280
MIN_PRESENCE = 0.5
# Seconds on either side.
AROUND = 0.5


@dataclass(frozen=True)
class Picture:
    """A picture of a clip: hands found, what labels say (None without any), and its sharpness over
    that of the clip and of the frames around."""

    time: float
    hands: bool
    labeled: bool | None
    sharpness: float
    around: float


def on_screen(image: np.ndarray, span: Span, footage: Footage, at: float) -> np.ndarray:
    """The part of the RGB picture that the clip shows, of a split screen the upper half."""
    if not span.crop:
        return image
    crop = to_picture(crop_at(span.crop, at), footage.picture).tolist()
    return np.ascontiguousarray(image[pixels_of(tuple(crop), image.shape)])


def edges(image: np.ndarray) -> float:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    return float(np.hypot(across, down).mean())


def read_labels(take: Path, together: Path | None) -> list[tuple[float, float, bool]]:
    """Start, end and whether a person saw work or hands, for each labeled part of the take."""
    rows: list[dict[str, str]] = []
    if (own := take.with_suffix(".labels.csv")).is_file():
        rows += csv.DictReader(own.open())
    if together:
        rows += [row for row in csv.DictReader(together.open()) if row["clip"] == take.stem]
    return [
        (float(row["start"]), float(row["end"]), "1" in (row["process"], row["hands"]))
        for row in rows
    ]


def look_at(
    clip: Clip, footage: Footage, labels: Sequence[tuple[float, float, bool]], hands: HandDetector
) -> Iterator[Picture]:
    """The usual picture of the clip, then those to choose from."""
    span = clip.spans[0]
    usual = span.start + span.time_map.source(USUAL_SHARE * span.seconds)
    times = [usual, *(choice.at for number, choice in cover_choices(clip) if number == 0)]
    side = max(footage.width, footage.height)
    sharp: list[tuple[float, float]] = []
    shown: dict[float, tuple[float, np.ndarray]] = {}
    for frame in read_every_frame(footage, (span.start, span.end), side):
        picture = on_screen(frame.image, span, footage, frame.time)
        sharp.append((frame.time, edges(picture)))
        for at in times:
            if abs(frame.time - at) < abs(shown.get(at, (np.inf,))[0] - at):
                shown[at] = frame.time, picture
    median = statistics.median(value for _, value in sharp)
    for at in times:
        taken, picture = shown[at]
        scale = HAND_SIDE / max(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = hands.search(small, [whole_region(small), *tiles(small)])
        parts = [seen for start, end, seen in labels if start <= at <= end]
        yield Picture(
            at, any(hand.presence >= MIN_PRESENCE for hand in found),
            any(parts) if parts else None, dict(sharp)[taken] / median,
            dict(sharp)[taken]
            / statistics.median(value for t, value in sharp if abs(t - taken) <= AROUND),
        )  # fmt: skip


def summary(name: str, pictures: Sequence[Picture]) -> str:
    labeled = [picture.labeled for picture in pictures if picture.labeled is not None]
    seen = [picture.hands or bool(picture.labeled) for picture in pictures]
    values = sorted(picture.sharpness for picture in pictures)
    marked = f"{sum(labeled)} of {len(labeled)}" if labeled else "-"
    return (
        f"{name:14s} {len(pictures):4d} pictures; hands found {sum(p.hands for p in pictures)},"
        f" labeled {marked}, either {sum(seen) / len(seen):.0%};"
        f" sharpness over the clip's median {statistics.median(values):.2f},"
        f" lowest {values[0]:.2f}, below 0.9 in {sum(v < 0.9 for v in values)}; over the frames"
        f" around {statistics.median(p.around for p in pictures):.2f}, lowest"
        f" {min(p.around for p in pictures):.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("takes", nargs="+", type=Path)
    parser.add_argument("--preset", default="honest-kitchen")
    parser.add_argument("--labels", type=Path)
    arguments = parser.parse_args()
    preset, hands = load_preset(arguments.preset), HandDetector()
    costs: list[tuple[float, float]] = []
    choose = framing.choose_pictures

    def timed(*values: object) -> object:
        began = time.process_time()
        chosen = choose(*values)  # type: ignore[arg-type]
        start, end = values[5]  # type: ignore[misc]
        costs.append((time.process_time() - began, end - start))
        return chosen

    framing.choose_pictures = timed  # type: ignore[assignment]
    groups: dict[str, list[Picture]] = {"at 40 %": [], "chosen": [], "other choices": []}
    for take in arguments.takes:
        footage, labels = probe(take), read_labels(take, arguments.labels)
        for clip in make_plan([take], preset, arguments.preset).clips:
            usual, *choices = look_at(clip, footage, labels, hands)
            line = [
                f"{p.time:.2f}{' hands' if p.hands else ''}{' labeled' if p.labeled else ''}"
                f" {p.sharpness:.2f} ({p.around:.2f})"
                for p in (usual, *choices)
            ]
            print(f"{clip.id}: {'; '.join(line)}", flush=True)
            groups["at 40 %"].append(usual)
            groups["chosen"] += choices[:1] or [usual]
            groups["other choices"] += choices[1:]
    for name, pictures in groups.items():
        if pictures:
            print(summary(name, pictures))
    spent, seconds = (sum(values) for values in zip(*costs, strict=True))
    print(f"choosing: {spent:.1f} s of processor for {len(costs)} clips of {seconds:.0f} s in all")


if __name__ == "__main__":
    main()
