"""Whether every face is covered on every frame, how much else is, and what that costs.

    python benchmarks/blurred_faces.py cover TAKE...   all faces of whole takes, every frame
    python benchmarks/blurred_faces.py drawn           takes in which it is known where the face is
    python benchmarks/blurred_faces.py cost [TAKE] [--rounds 3] [--start 0] [--seconds 10]

Of real takes the truth is another search, on the source's frames at 1280 pixels and a score of 0.5:
each of its faces must lie wholly in what is covered. Drawn takes say themselves where the face is.
The cost is that of rendering with blur and its check against without, in alternation.
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

from btsclip.framing.veil import face_cover
from btsclip.media.footage import Footage, probe
from btsclip.media.frames import read_every_frame
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
    """What covers all faces."""
    return [face_cover(tracks, column) for column in range(tracks.boxes.shape[1])]


def lies_in(box: Box, edges: np.ndarray) -> bool:
    """Whether the whole of `box` lies in `edges` (left, top, right, bottom), to a thousandth."""
    half = np.array(box[2:]) / 2
    low, high = np.array(box[:2]) - half, np.array(box[:2]) + half
    low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    return bool((edges[:2] <= low + 1e-3).all() and (edges[2:] >= high - 1e-3).all())


def report(
    name: str, keys: list[list[CropKey]], truth: Sequence[tuple[float, Sequence[Box]]], end: float
) -> int:
    """Prints how much of `truth` (time and boxes) the keys cover; the number of bare faces."""
    tracks = [np.array(track, float) for track in keys if track]
    bare = [
        (round(at, 3), box)
        for at, boxes in truth
        for box in boxes
        if not any(lies_in(box, edges) for edges in boxes_between(tracks, at, at))
    ]
    span = Span(source="x", start=0, end=end, layout="fit-blur", blur=keys)
    share = float(np.mean([(mask > 0).mean() for mask in masks(span, (160, 90), 15)]))
    shown = sum(box[2] * box[3] for _, boxes in truth for box in boxes) / max(1, len(truth))
    seen = sum(len(boxes) for _, boxes in truth)
    print(
        f"{name:14s} {len(truth):5d} frames, {seen:5d} faces, bare {len(bare)}; {len(keys)} tracks,"
        f" {sum(map(len, keys))} keys; picture covered {share:.4f}, faces {shown:.4f}"
    )
    for at, box in bare[:10]:
        print(f"    bare at {at} s: {np.round(box, 3).tolist()}")
    return len(bare)


def cover(path: Path) -> int:
    """One real take."""
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
    """Takes that are drawn."""
    bare = 0
    for name, (scene, seconds) in faces.SCENES.items():
        path = folder / f"{name}.mp4"
        boxes = faces.film(path, scene, seconds)
        keys = keys_of(track_faces(probe(path), 0.0, seconds))
        truth = [(number / 30, each) for number, each in enumerate(boxes)]
        bare += report(name, keys, truth, seconds)
    return bare


def cost(path: Path, start: float, seconds: float, rounds: int, folder: Path) -> None:
    """Rendering with and without."""
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
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, work in ways.items():
            began = time.perf_counter()
            work()
            taken[way].append(time.perf_counter() - began)
    middle = {way: statistics.median(times) for way, times in taken.items()}
    print(f"{footage.width}x{footage.height}, {seconds:g} s, {rounds} rounds, medians")
    for way, value in middle.items():
        spread = ", ".join(f"{t:.2f}" for t in taken[way])
        print(f"{way:12s} {value:6.2f} s  {value / middle['plain']:5.2f} x plain  ({spread})")


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
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("what", choices=("cover", "drawn", "cost"))
    options.add_argument("takes", nargs="*", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--start", type=float, default=0.0)
    options.add_argument("--seconds", type=float, default=10.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        if asked.what == "drawn":
            sys.exit(drawn(folder) > 0)
        if asked.what == "cover":
            sys.exit(sum([cover(path) for path in asked.takes]) > 0)
        take = asked.takes[0] if asked.takes else folder / "take.mp4"
        if not asked.takes:
            scene, _ = faces.SCENES["grows"]
            faces.film(take, lambda t: scene(t % 3), asked.seconds, size=(1920, 1080))
        cost(take, asked.start, asked.seconds, asked.rounds, folder)


if __name__ == "__main__":
    main()
