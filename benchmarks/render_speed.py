"""Speed of rendering a 12 s clip, compared with only encoding its frames and with plain MoviePy.

    python benchmarks/render_speed.py [FOOTAGE] [--rounds 3] [--seconds 12]

Without FOOTAGE a 1080p take with moving detail is made. The four ways run in alternation, so that a
machine that slows down slows them all; medians and ratios are printed.

    encode   ffmpeg encodes the clip's raw frames and sound with the same settings
    graph    the one ffmpeg process of the render: decode, crop, scale, captions, encode
    render   all of btsclip.render.render: sound, graph, verification, cover, sidecar
    moviepy  subclipped, cropped, resized, TextClip, CompositeVideoClip, write_videofile
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from btsclip import captions
from btsclip.captions import fonts
from btsclip.media import ffmpeg
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.plan.texts import Caption
from btsclip.presets.schema import Preset
from btsclip.render import encoders, graph, mix, render

PRESET = Preset()
OUTPUT = PRESET.output
TEXT = "Kneading the dough"


def make_take(path: Path, seconds: float) -> None:
    """Make a 1080p30 H.264 take with moving detail and grain, like those of cameras."""
    run(
        ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=30:d={seconds},noise=alls=8:allf=t",
         "-f", "lavfi", "-i", f"sine=f=220:d={seconds},tremolo=f=3",
         "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", "-pix_fmt", "yuv420p",
         "-c:a", "aac", str(path)]
    )  # fmt: skip


def run(arguments: list[str], cwd: Path | None = None) -> None:
    command = [ffmpeg.ffmpeg_path(), "-v", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, cwd=cwd)


def clip_of(footage: Footage, start: float, seconds: float) -> Clip:
    """A clip with a still crop in the medians and one caption, the same for all ways."""
    width = footage.height * OUTPUT.width / OUTPUT.height / footage.width
    span = Span(
        source=str(footage.path), start=start, end=start + seconds,
        crop=[(start, 0.5, 0.5, width, 1.0)],
    )  # fmt: skip
    return Clip(
        id="bench", kind="process", score=1, why="", spans=[span], title="",
        captions=[Caption(text=TEXT, start=0, end=seconds)],
    )  # fmt: skip


def prepare(footage: Footage, clip: Clip, folder: Path) -> list[str]:
    """Write sound, captions and the clip's raw frames; return the arguments of the graph."""
    sources = {clip.spans[0].source: footage}
    mix.make_sound(sources, clip, PRESET, folder, clip.seconds_shown)
    text = captions.ass_for(clip, PRESET)
    assert text
    (folder / graph.CAPTIONS).write_text(text, "utf-8")
    arguments = graph.clip_arguments(sources, clip, PRESET, "libx264", captions.FONTS)
    run(arguments[2:], folder)
    raw = arguments[2:]
    first = raw.index("-map")
    picture = [*raw[: first + 2], "-f", "rawvideo", "-pix_fmt", "yuv420p", "frames.yuv"]
    still = raw.index("-map", raw.index(graph.VIDEO))
    run([*picture, *raw[still:]], folder)
    return arguments


def encode_only(folder: Path) -> None:
    settings = [
        part for key, value in encoders.arguments("libx264", OUTPUT).items()
        for part in (f"-{key}", value)
    ]  # fmt: skip
    run(
        ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{OUTPUT.width}x{OUTPUT.height}",
         "-r", str(OUTPUT.fps), "-i", "frames.yuv", "-i", graph.SOUND, *settings,
         "-c:a", "copy", "-movflags", "+faststart", "encoded.mp4"],
        folder,
    )  # fmt: skip


def plain_moviepy(footage: Footage, clip: Clip, target: Path) -> None:
    from moviepy import CompositeVideoClip, TextClip, VideoFileClip

    (span,) = clip.spans
    with VideoFileClip(str(footage.path)) as source:
        width = footage.height * OUTPUT.width / OUTPUT.height
        picture = (
            source.subclipped(span.start, span.end)
            .cropped(x_center=footage.width / 2, width=width, height=footage.height, y1=0)
            .resized((OUTPUT.width, OUTPUT.height))
        )
        font = fonts.font(PRESET.captions.moment_style.font).path
        text = TextClip(
            font=str(font), text=TEXT, font_size=65, color="white",
            stroke_color="black", stroke_width=4, duration=span.duration,
        ).with_position(("center", 1400))  # fmt: skip
        CompositeVideoClip([picture, text]).write_videofile(
            str(target), fps=OUTPUT.fps, codec="libx264", preset=OUTPUT.speed, logger=None,
            temp_audiofile_path=str(target.parent),
            ffmpeg_params=["-crf", str(OUTPUT.crf), "-pix_fmt", "yuv420p"],
        )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footage", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--start", type=float, default=4)
    parser.add_argument("--no-moviepy", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        take = options.footage or folder / "take.mp4"
        if not options.footage:
            make_take(take, options.start + options.seconds + 2)
        compare(probe(take), options, folder)


def compare(footage: Footage, options: argparse.Namespace, folder: Path) -> None:
    clip = clip_of(footage, options.start, options.seconds)
    source = Source(path=str(footage.path), size=footage.size, duration=footage.duration)
    plan = CutPlan(preset="default", sources=[source], clips=[clip])
    arguments = prepare(footage, clip, folder)
    ways: dict[str, Callable[[], object]] = {
        "encode": lambda: encode_only(folder),
        "graph": lambda: run(arguments[2:], folder),
        "render": lambda: render(plan, PRESET, folder / "out", force=True),
        "moviepy": lambda: plain_moviepy(footage, clip, folder / "moviepy.mp4"),
    }
    if options.no_moviepy:
        del ways["moviepy"]
    seconds_by_way: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, work in ways.items():
            seconds_by_way[way].append(timed(work))
    print(
        f"{footage.width}x{footage.height}, {options.seconds:g} s, {options.rounds} rounds, medians"
    )
    medians = {way: statistics.median(times) for way, times in seconds_by_way.items()}
    for way, seconds in medians.items():
        spread = ", ".join(f"{t:.2f}" for t in seconds_by_way[way])
        print(f"{way:8s} {seconds:6.2f} s  {seconds / medians['encode']:5.2f} x encode  ({spread})")
    if "moviepy" in medians:
        print(f"moviepy / render = {medians['moviepy'] / medians['render']:.2f}")


if __name__ == "__main__":
    main()
