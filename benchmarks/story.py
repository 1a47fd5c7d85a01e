"""What a story costs: rendering it against only encoding its frames, and how often takes are read.

    python benchmarks/story.py [FOOTAGE...] [--takes 20] [--length 45] [--rounds 3]

The sample and FOOTAGE are cut into so many takes of 1080p, which are told as one story. Both ways
are run in alternation, so that a machine that slows down slows both; the medians and their ratio
are printed.

    encode   ffmpeg encodes the story's very frames and sound, kept as raw pictures, same settings
    render   the whole of btsclip.render.render: sound, cards, graph, verification, cover, sidecar
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from btsclip.batch.run import ExecutionOptions
from btsclip.media import ffmpeg
from btsclip.media.footage import probe
from btsclip.plan.model import CutPlan
from btsclip.planning.request import ClipRequest
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render import encoders, render
from btsclip.story.make import StoryOptions, plan_story

SAMPLE = Path(__file__).parents[1] / "samples" / "kitchen.mp4"
PRESET = "honest-kitchen"
BEGAN = datetime(2026, 5, 3, 9, tzinfo=timezone.utc)


def run(arguments: list[str], cwd: Path | None = None) -> None:
    command = [ffmpeg.ffmpeg_path(), "-v", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, cwd=cwd)


def make_takes(sources: list[Path], count: int, shoot: Path) -> None:
    """The sources one after the other in `count` takes, ten minutes apart."""
    lengths = [probe(path).duration for path in sources]
    each = sum(lengths) / count
    number = 0
    for path, length in zip(sources, lengths, strict=True):
        parts = max(1, round(length / each))
        for part in range(parts):
            stamp = BEGAN + timedelta(minutes=10 * number)
            run(
                ["-ss", f"{part * length / parts:.3f}", "-t", f"{length / parts:.3f}",
                 "-i", str(path), "-vf", "scale=1920:1080:force_original_aspect_ratio=decrease,"
                 "pad=1920:1080:-1:-1,fps=30", "-c:v", "libx264", "-preset", "veryfast",
                 "-crf", "20", "-g", "60", "-pix_fmt", "yuv420p", "-c:a", "aac",
                 "-metadata", f"creation_time={stamp.isoformat()}", str(shoot / f"{number}.mp4")]
            )  # fmt: skip
            number += 1


@contextmanager
def counting(found: Counter[str]) -> Iterator[None]:
    """Counts how often each file is an input of an ffmpeg that is started meanwhile."""
    before: Any = ffmpeg.process

    def counted(arguments: list[str], *more: Any, **named: Any) -> Any:
        inputs = [arguments[i + 1] for i, word in enumerate(arguments[:-1]) if word == "-i"]
        found.update(Path(name.removeprefix("file:")).name for name in inputs)
        return before(arguments, *more, **named)

    ffmpeg.process = counted
    try:
        yield
    finally:
        ffmpeg.process = before


def raw_frames(plan: CutPlan, preset: Preset, folder: Path) -> Path:
    """The story's frames as raw pictures, by way of a rendering at crf 1, with its sound beside."""
    exact = preset.output.model_copy(update={"crf": 1, "maxrate": "1000M", "speed": "ultrafast"})
    (made,) = render(plan, preset.model_copy(update={"output": exact}), folder / "exact")
    run(["-i", str(made.path), "-f", "rawvideo", "-pix_fmt", "yuv420p", "frames.yuv"], folder)
    run(["-i", str(made.path), "-vn", "-c", "copy", "sound.m4a"], folder)
    made.path.unlink()
    return folder / "frames.yuv"


def encode_only(preset: Preset, folder: Path) -> None:
    output = preset.output
    settings = [
        part for key, value in encoders.arguments("libx264", output).items()
        for part in (f"-{key}", value)
    ]  # fmt: skip
    run(
        ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{output.width}x{output.height}",
         "-r", str(output.fps), "-i", "frames.yuv", "-i", "sound.m4a", *settings,
         "-c:a", "copy", "-movflags", "+faststart", "encoded.mp4"],
        folder,
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("footage", nargs="*", type=Path)
    options.add_argument("--takes", type=int, default=20)
    options.add_argument("--length", type=float, default=45)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        shoot = folder / "shoot"
        shoot.mkdir()
        make_takes([SAMPLE, *asked.footage], asked.takes, shoot)
        measure(shoot, asked, folder)


def measure(shoot: Path, asked: argparse.Namespace, folder: Path) -> None:
    preset = load_preset(PRESET)
    plans: list[CutPlan] = []

    def plan() -> None:
        wishes, means = ClipRequest(), ExecutionOptions(asked.jobs)
        made = plan_story(
            shoot, folder / "out", preset, PRESET, wishes, StoryOptions(asked.length), means
        )
        plans.append(made.plan)

    print(f"planned in {timed(plan):.1f} s (again in {timed(plan):.1f} s)")
    clip = plans[0].clips[0]
    cards = sum(span.card is not None for span in clip.spans)
    takes = f"{len({span.source for span in clip.spans})} of {len(plans[0].sources)} takes"
    print(f"{clip.seconds_in_all:.1f} s: {len(clip.spans)} spans and {cards} cards from {takes}")
    raw_frames(plans[0], preset, folder)
    opened: Counter[str] = Counter()
    with counting(opened):
        render(plans[0], preset, folder / "once")
    shown = Counter(Path(span.source).name for span in clip.spans)
    for source, count in sorted(shown.items()):
        print(f"  {source}: shown {count} times, opened {opened[source]} times")
    ways: dict[str, Callable[[], object]] = {
        "encode": lambda: encode_only(preset, folder),
        "render": lambda: render(plans[0], preset, folder / "out", force=True),
    }
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(asked.rounds):
        for way, work in ways.items():
            taken[way].append(timed(work))
    middle = {way: statistics.median(times) for way, times in taken.items()}
    for way, seconds in middle.items():
        spread = ", ".join(f"{t:.2f}" for t in taken[way])
        print(f"{way:8s} {seconds:6.2f} s  {seconds / middle['encode']:5.2f} x encode  ({spread})")


if __name__ == "__main__":
    main()
