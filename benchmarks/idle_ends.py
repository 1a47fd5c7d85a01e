"""Idle seconds at the start and the end of clips of work: nothing moves, and no palm is seen.

Run: python benchmarks/idle_ends.py PLAN.json ... [--json FILE]

Each PLAN.json comes from `btsclip plan` or `btsclip cut`. From either end of each process clip, the
pictures are read as they are shown, in their crop: a step of half a second is idle if in it the
95th percentile of the speeds in the crop, without the camera's, stays below MIN_SPEED or below a
share of what it is in lively steps, and if a search of its own finds no palm in the middle of it.
Idle seconds end at the first step that is not.

A hand that rests in the picture is not idle here, nor is a dish about which the camera circles. So
the figures are too low; they compare two versions, and the eye counts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from first_pictures import as_shown, at, has_hand, process_clips, read_span
from numpy.typing import NDArray

from btsclip.framing.screen import crop_at
from btsclip.geometry import WHOLE, pixels_of
from btsclip.media.footage import Footage
from btsclip.media.frames import Frame
from btsclip.media.probing import probe
from btsclip.plan.model import Span
from btsclip.signals.motion import MotionMeter

# Seconds of a step, and those at each end that are looked at.
STEP = 0.5
REACH = 8.0
# Picture widths a second below which nothing moves.
MIN_SPEED = 0.02
# Share of the upper quartile of the speeds of all steps below which little moves.
REST_SHARE = 0.3


def main() -> None:
    """Print a line per process clip and the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("plans", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, help="a file for the figures of each clip")
    arguments = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for clip in process_clips(arguments.plans):
        first, last = clip.spans[0], clip.spans[-1]
        footage = probe(first.source)
        opening = idle_seconds(list(steps(footage, first, from_end=False)), first)
        closing = idle_seconds(list(steps(footage, last, from_end=True)), last)
        seconds = sum(span.end - span.start for span in clip.spans)
        rows.append({"clip": clip.id, "seconds": seconds, "start": opening, "end": closing})
        print(f"{clip.id:44} {seconds:5.1f} s {opening:4.1f} {closing:4.1f}", flush=True)
    print(describe(np.array([[row["start"], row["end"]] for row in rows], float).reshape(-1, 2)))
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1))


def steps(footage: Footage, span: Span, *, from_end: bool) -> Iterator[list[Frame]]:
    """The frames of each step of a span, from one end on."""
    low, high = span.start, span.end
    low, high = (max(low, high - REACH), high) if from_end else (low, min(high, low + REACH))
    # At the border of a shot, the next picture is of another one.
    frames = list(read_span(footage, low, high - 0.6 / footage.fps))
    edges = np.arange(0, high - low + 1e-6, STEP)
    starts = [high - edge - STEP if from_end else low + edge for edge in edges[:-1].tolist()]
    for start in starts:
        part = [frame for frame in frames if start - 0.11 <= frame.time <= start + STEP]
        if len(part) > 1:
            yield part


def idle_seconds(parts: Sequence[list[Frame]], span: Span) -> float:
    """Seconds of the idle steps before the first that is not."""
    speeds = [speed(frames, span) for frames in parts]
    limit = max(MIN_SPEED, REST_SHARE * float(np.percentile(speeds or [0.0], 75)))
    for number, frames in enumerate(parts):
        if speeds[number] >= limit:
            return number * STEP
        middle = at(frames, (frames[0].time + frames[-1].time) / 2)
        if any(has_hand(picture) for picture in as_shown(middle, span)):
            return number * STEP
    return len(parts) * STEP


def speed(frames: Sequence[Frame], span: Span) -> float:
    """The mean speed in the crop during a step."""
    meter, speeds = MotionMeter(), []
    for frame in frames:
        motion = meter.update(frame)
        if motion is None:
            continue
        paths = [keys for keys in (span.crop, span.below) if keys]
        for box in [crop_at(keys, frame.time) for keys in paths] or [WHOLE]:
            rows, columns = pixels_of(box, motion.flow.shape)
            part = motion.flow[rows, columns]
            speeds.append(float(np.percentile(np.hypot(part[..., 0], part[..., 1]), 95)))
    return float(np.mean(speeds or [0.0]))


def describe(idle: NDArray[np.floating[Any]]) -> str:
    """Medians, means and numbers of clips that are idle for longer than a second and a half."""
    lines = [f"{len(idle)} process clips"]
    for name, values in zip(("start", "end"), idle.T, strict=True):
        lines.append(
            f"idle at the {name}: median {np.median(values):.1f} s, mean {values.mean():.2f} s,"
            f" {int((values > 1.5).sum())} longer than 1.5 s, longest {values.max(initial=0):.1f} s"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
