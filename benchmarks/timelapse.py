"""Cost of an hour as a ten-second time-lapse, compared with only decoding it.

    python benchmarks/timelapse.py [FOOTAGE] [--seconds 3600] [--length 10] [--keyframes 30]

Without FOOTAGE a 1080p take with little motion is made, which repeats one minute. Both ways run
once:

    decode   ffmpeg decodes all pictures of the take and discards them
    render   btsclip.render.render: sound, keyframes alone, graph, verification, cover, sidecar
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.footage import Footage
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.presets.schema import Preset
from btsclip.render import render

MINUTE = 60
# Bytes of a made take.
MAX_BYTES = "3G"


def make_take(path: Path, seconds: float, keyframes: int) -> None:
    """Make a 1080p30 H.264 take of `seconds`, with a keyframe every `keyframes` pictures."""
    minute = path.with_name("minute.mp4")
    run(
        ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=1:d={MINUTE},gblur=sigma=8,fps=30",
         "-f", "lavfi", "-i", f"anoisesrc=a=0.02:d={MINUTE}", "-t", str(MINUTE),
         "-c:v", "libx264", "-preset", "superfast", "-crf", "26", "-g", str(keyframes),
         "-pix_fmt", "yuv420p", "-c:a", "aac", str(minute)]
    )  # fmt: skip
    run(
        ["-stream_loop", str(int(seconds / MINUTE)), "-i", str(minute), "-t", str(seconds),
         "-c", "copy", "-fs", MAX_BYTES, str(path)]
    )  # fmt: skip


def run(arguments: list[str]) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-nostdin", "-y", *arguments], check=True)


def lapse_of(footage: Footage, length: float) -> Clip:
    """The take in `length` seconds, with one second in real time before and two after."""
    width = footage.height * 9 / 16 / footage.width
    crop = [(0.0, 0.5, 0.5, min(1.0, width), 1.0)]
    source, end = str(footage.path), footage.duration
    speed = (end - 3) / (length - 3)
    beginning = {"source": source, "start": 0, "end": 1, "crop": crop}
    lapse = {"source": source, "start": 1, "end": end - 2, "crop": crop, "speeds": [(1, speed)]}
    ending = {"source": source, "start": end - 2, "end": end, "crop": crop}
    return Clip(
        id="lapse", kind="process", score=1, why="a benchmark", spans=[beginning, lapse, ending],
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footage", nargs="?", type=Path)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--length", type=float, default=10)
    parser.add_argument("--keyframes", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="btsclip-bench-") as name:
        folder = Path(name)
        take = options.footage or folder / "take.mp4"
        if not options.footage:
            make_take(take, options.seconds, options.keyframes)
        footage = probe(take)
        source = Source(path=str(take), size=footage.size, duration=footage.duration)
        plan = CutPlan(
            preset="default", sources=[source], clips=[lapse_of(footage, options.length)]
        )
        rendered = timed(lambda: render(plan, Preset(), folder / "out", force=True))
        decoded = timed(lambda: run(["-i", str(take), "-map", "0:v:0", "-f", "null", "-"]))
    print(
        f"{footage.width}x{footage.height}, {footage.duration:.0f} s in {options.length:g} s, "
        f"keyframes {footage.keyframe_interval or 0:.2f} s apart"
    )
    print(f"decode   {decoded:7.1f} s")
    print(f"render   {rendered:7.1f} s  {rendered / decoded:5.2f} x decode")


if __name__ == "__main__":
    main()
