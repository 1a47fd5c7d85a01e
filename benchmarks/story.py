"""Cost of a story: rendering compared with only encoding its frames, and reads of each take.

    python benchmarks/story.py [FOOTAGE...] [--takes 20] [--length 45] [--rounds 3]

The sample and FOOTAGE are split into 1080p takes, and a story is made from them. Both ways run in
alternation, so that a machine that slows down slows both; medians and their ratio are printed.

    encode   ffmpeg encodes the story's raw frames and sound with the same settings
    render   all of btsclip.render.render: sound, cards, graph, verification, cover, sidecar
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
from btsclip.media.probing import probe
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
    """Split the sources into about `count` takes, ten minutes apart."""
    lengths = [probe(path).duration for path in sources]
    take_length = sum(lengths) / count
    number = 0
    for path, length in zip(sources, lengths, strict=True):
        parts = max(1, round(length / take_length))
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
def count_inputs(counts: Counter[str]) -> Iterator[None]:
    """Context that counts how often each file is an input of ffmpeg."""
    original: Any = ffmpeg.process

    def process(arguments: list[str], *args: Any, **kwargs: Any) -> Any:
        inputs = [arguments[i + 1] for i, word in enumerate(arguments[:-1]) if word == "-i"]
        counts.update(Path(name.removeprefix("file:")).name for name in inputs)
        return original(arguments, *args, **kwargs)

    ffmpeg.process = process
    try:
        yield
    finally:
        ffmpeg.process = original


def write_raw_frames(plan: CutPlan, preset: Preset, folder: Path) -> None:
    """Write the story's raw frames and its sound into `folder`, from a rendering at crf 1."""
    exact = preset.output.model_copy(update={"crf": 1, "maxrate": "1000M", "speed": "ultrafast"})
    (clip,) = render(plan, preset.model_copy(update={"output": exact}), folder / "exact")
    run(["-i", str(clip.path), "-f", "rawvideo", "-pix_fmt", "yuv420p", "frames.yuv"], folder)
    run(["-i", str(clip.path), "-vn", "-c", "copy", "sound.m4a"], folder)
    clip.path.unlink()


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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footage", nargs="*", type=Path)
    parser.add_argument("--takes", type=int, default=20)
    parser.add_argument("--length", type=float, default=45)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        shoot = folder / "shoot"
        shoot.mkdir()
        make_takes([SAMPLE, *options.footage], options.takes, shoot)
        measure(shoot, options, folder)


def measure(shoot: Path, options: argparse.Namespace, folder: Path) -> None:
    preset = load_preset(PRESET)
    plans: list[CutPlan] = []

    def plan() -> None:
        request, means = ClipRequest(), ExecutionOptions(options.jobs)
        story = plan_story(
            shoot, folder / "out", preset, PRESET, request, StoryOptions(options.length), means
        )
        plans.append(story.plan)

    print(f"planned in {timed(plan):.1f} s (again in {timed(plan):.1f} s)")
    clip = plans[0].clips[0]
    cards = sum(span.card is not None for span in clip.spans)
    takes = f"{len({span.source for span in clip.spans})} of {len(plans[0].sources)} takes"
    print(f"{clip.seconds_in_all:.1f} s: {len(clip.spans)} spans and {cards} cards from {takes}")
    write_raw_frames(plans[0], preset, folder)
    opened: Counter[str] = Counter()
    with count_inputs(opened):
        render(plans[0], preset, folder / "once")
    spans = Counter(Path(span.source).name for span in clip.spans)
    for source, count in sorted(spans.items()):
        print(f"  {source}: shown {count} times, opened {opened[source]} times")
    ways: dict[str, Callable[[], object]] = {
        "encode": lambda: encode_only(preset, folder),
        "render": lambda: render(plans[0], preset, folder / "out", force=True),
    }
    seconds_by_way: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, work in ways.items():
            seconds_by_way[way].append(timed(work))
    medians = {way: statistics.median(times) for way, times in seconds_by_way.items()}
    for way, seconds in medians.items():
        spread = ", ".join(f"{t:.2f}" for t in seconds_by_way[way])
        print(f"{way:8s} {seconds:6.2f} s  {seconds / medians['encode']:5.2f} x encode  ({spread})")


if __name__ == "__main__":
    main()
