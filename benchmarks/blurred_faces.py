"""Faces left uncovered by the blur, the share of the picture that it covers, and its cost.

    python benchmarks/blurred_faces.py cover TAKE...   all faces of complete takes, every frame
    python benchmarks/blurred_faces.py drawn           takes with drawn faces in known places
    python benchmarks/blurred_faces.py cost [TAKE] [--rounds 3] [--start 0] [--seconds 10]

The true faces of real takes come from another search, on the source's frames at 1280 pixels and
with a score of 0.5; each of them must be completely covered. The cost is that of rendering with
blur and its check, compared with rendering without, in alternation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from btsclip.framing.face_blur import face_blur_keys
from btsclip.media.footage import Footage
from btsclip.media.frames import read_every_frame
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CropKey, CutPlan, Source, Span
from btsclip.presets.schema import Preset
from btsclip.render import render
from btsclip.render.blur import boxes_between, masks
from btsclip.signals.face_tracks import FaceTracks, track_faces
from btsclip.signals.faces import FaceSearch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import faces

Box = tuple[float, float, float, float]
PRESET = Preset()


def keys_of(tracks: FaceTracks) -> list[list[CropKey]]:
    """The keys that cover all faces, a list per track."""
    return [face_blur_keys(tracks, column) for column in range(tracks.boxes.shape[1])]


def is_within(box: Box, edges: np.ndarray) -> bool:
    """Whether `box` is completely within `edges` (left, top, right, bottom), to a thousandth."""
    half = np.array(box[2:]) / 2
    low, high = np.array(box[:2]) - half, np.array(box[:2]) + half
    low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    return bool((edges[:2] <= low + 1e-3).all() and (edges[2:] >= high - 1e-3).all())


def report(
    name: str, keys: list[list[CropKey]], truth: Sequence[tuple[float, Sequence[Box]]], end: float
) -> int:
    """Print how much of `truth` (times and boxes) the keys cover; return the number of bare
    faces."""
    tracks = [np.array(track, float) for track in keys if track]
    bare = [
        (round(moment, 3), box)
        for moment, boxes in truth
        for box in boxes
        if not any(is_within(box, edges) for edges in boxes_between(tracks, moment, moment))
    ]
    span = Span(source="x", start=0, end=end, layout="fit-blur", blur=keys)
    share = float(np.mean([(mask > 0).mean() for mask in masks(span, (160, 90), 15)]))
    area = sum(box[2] * box[3] for _, boxes in truth for box in boxes) / max(1, len(truth))
    count = sum(len(boxes) for _, boxes in truth)
    print(
        f"{name:14s} {len(truth):5d} frames, {count:5d} faces, bare {len(bare)};"
        f" {len(keys)} tracks, {sum(map(len, keys))} keys; picture covered {share:.4f},"
        f" faces {area:.4f}"
    )
    for moment, box in bare[:10]:
        print(f"    bare at {moment} s: {np.round(box, 3).tolist()}")
    return len(bare)


def cover(path: Path) -> int:
    """Report on a real take; return the number of bare faces."""
    footage = probe(path)
    began = time.perf_counter()
    keys = keys_of(track_faces(footage, 0.0, footage.duration))
    seconds = time.perf_counter() - began
    print(f"{path.stem}: tracked in {seconds / footage.duration:.2f} s for each second")
    search = FaceSearch((1280,), 0.5)
    truth = [
        (frame.time, [face.box for face in search.find(frame.image)])
        for frame in read_every_frame(footage, (0.0, footage.duration), side=1280)
    ]
    return report(path.stem, keys, truth, footage.duration)


def drawn(folder: Path) -> int:
    """Report on the drawn takes; return the number of bare faces."""
    bare = 0
    for name, (scene, seconds) in faces.SCENES.items():
        path = folder / f"{name}.mp4"
        boxes = faces.film(path, scene, seconds)
        keys = keys_of(track_faces(probe(path), 0.0, seconds))
        truth = [(number / 30, frame_boxes) for number, frame_boxes in enumerate(boxes)]
        bare += report(name, keys, truth, seconds)
    return bare


def cost(path: Path, start: float, seconds: float, rounds: int, folder: Path) -> None:
    """Print the seconds of rendering without blur, with blur and with its check."""
    footage = probe(path)
    keys = keys_of(track_faces(footage, start, start + seconds))
    plain = clip_of(footage, start, seconds)
    hidden = plain.model_copy(update={"blur": keys, "blur_faces": "none"})
    checked = hidden.model_copy(update={"blur_faces": "all"})
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: rendered(footage, plain, folder),
        "blurred": lambda: rendered(footage, hidden, folder),
        "and checked": lambda: rendered(footage, checked, folder),
        "tracking": lambda: track_faces(footage, start, start + seconds),
    }
    seconds_by_way: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, work in ways.items():
            began = time.perf_counter()
            work()
            seconds_by_way[way].append(time.perf_counter() - began)
    medians = {way: statistics.median(times) for way, times in seconds_by_way.items()}
    print(f"{footage.width}x{footage.height}, {seconds:g} s, {rounds} rounds, medians")
    for way, value in medians.items():
        spread = ", ".join(f"{t:.2f}" for t in seconds_by_way[way])
        print(f"{way:12s} {value:6.2f} s  {value / medians['plain']:5.2f} x plain  ({spread})")


def clip_of(footage: Footage, start: float, seconds: float) -> Clip:
    width = footage.height * 9 / 16 / footage.width
    span = Span(
        source=str(footage.path), start=start, end=start + seconds,
        crop=[(start, 0.5, 0.5, min(1.0, width), 1.0)],
    )  # fmt: skip
    return Clip(id="bench", kind="people", score=1, why="", spans=[span], title="")


def rendered(footage: Footage, clip: Clip, folder: Path) -> None:
    source = Source(path=str(footage.path), size=footage.size, duration=footage.duration)
    plan = CutPlan(preset="default", sources=[source], clips=[clip])
    render(plan, PRESET, folder / "out", force=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("cover", "drawn", "cost"))
    parser.add_argument("takes", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--start", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        if options.what == "drawn":
            sys.exit(drawn(folder) > 0)
        if options.what == "cover":
            sys.exit(sum([cover(path) for path in options.takes]) > 0)
        take = options.takes[0] if options.takes else folder / "take.mp4"
        if not options.takes:
            scene, _ = faces.SCENES["grows"]
            faces.film(take, lambda t: scene(t % 3), options.seconds, size=(1920, 1080))
        cost(take, options.start, options.seconds, options.rounds, folder)


if __name__ == "__main__":
    main()
