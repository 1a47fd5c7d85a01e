"""Parts of the sample as takes, and a preset that renders small and fast."""

from __future__ import annotations

from pathlib import Path

import media

SAMPLE = Path(__file__).parents[1] / "samples" / "kitchen.mp4"
LOOK = """
extends = "honest-kitchen"
count = 2
[output]
width = 216
height = 384
speed = "ultrafast"
[length]
min = 2.0
target = 3.0
max = 4.0
"""


def part(path: Path, start: float, end: float, *options: str, created: str = "") -> Path:
    """Write seconds `start` to `end` of the sample at a smaller size, with `options` of ffmpeg."""
    stamp = ("-metadata", f"creation_time={created}") if created else ()
    media.ffmpeg(
        "-ss", str(start), "-t", str(end - start), "-i", SAMPLE, "-vf", "scale=640:-2",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "aac", *stamp,
        *options, path,
    )  # fmt: skip
    return path


def look(folder: Path) -> Path:
    """Write the preset to a file in `folder`."""
    path = folder / "look.toml"
    path.write_text(LOOK)
    return path
