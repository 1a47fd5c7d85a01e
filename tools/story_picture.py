"""Make docs/story.jpg: a frame a second of a story cut from parts of the sample, hours apart.

Run: python tools/story_picture.py
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from btsclip.batch.run import ExecutionOptions
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.planning.request import ClipRequest
from btsclip.story.make import StoryOptions, make_story

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "kitchen.mp4"
TARGET = ROOT / "docs" / "story.jpg"
# Parts of the sample in seconds, and the time of day written into their metadata.
PARTS = (
    (0, 6, "09:00"), (6, 14, "09:02"), (14, 22, "09:10"), (22, 27, "09:40"), (27, 36, "13:00"),
    (36, 45, "13:30"),
)  # fmt: skip
# Seconds of the story.
LENGTH = 30
# Width in pixels of a frame, and the frames in a row.
WIDTH = 130
ROW = 10


def run(*arguments: str | Path) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *map(str, arguments)], check=True)


def main() -> None:
    """Make the story, and write TARGET."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shoot = folder / "shoot"
        shoot.mkdir()
        for number, (start, end, time) in enumerate(PARTS):
            run("-ss", str(start), "-t", str(end - start), "-i", SAMPLE, "-c:v", "libx264", "-crf",
                "14", "-c:a", "aac", "-metadata", f"creation_time=2026-05-03T{time}:00Z",
                shoot / f"{number}.mp4")  # fmt: skip
        request = ClipRequest(hook="Supper, from nothing")
        story = make_story(
            shoot, folder, "honest-kitchen", request, StoryOptions(LENGTH), ExecutionOptions()
        )
        rows = -(-LENGTH // ROW)
        sheet = f"fps=1,scale={WIDTH}:-2,tile={ROW}x{rows}:padding=4:color=white"
        run("-i", story.cut.clips[0].path, "-vf", sheet, "-frames:v", "1", "-q:v", "4", TARGET)


if __name__ == "__main__":
    main()
