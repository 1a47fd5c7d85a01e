"""Make docs/result.jpg: a row of frames from clips that btsclip cut from the sample.

Run: python tools/readme_picture.py CLIP.mp4 CLIP.mp4@SECONDS ...
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path

TARGET = Path(__file__).parents[1] / "docs" / "result.jpg"
# Seconds into a clip without a time of its own: its hook is shown then.
FRAME_TIME = "1.5"
# Pixels of each frame.
HEIGHT = 560


def main() -> None:
    """Write TARGET from the clips named on the command line."""
    clips = [clip.partition("@") for clip in sys.argv[1:]]
    inputs = [part for path, _, time in clips for part in ("-ss", time or FRAME_TIME, "-i", path)]
    scaled = [f"[{i}:v]scale=-2:{HEIGHT},pad=iw+8:ih:4:0:white[f{i}]" for i in range(len(clips))]
    row = "".join(f"[f{i}]" for i in range(len(clips))) + f"hstack=inputs={len(clips)}"
    subprocess.run(
        [
            ffmpeg_path(), "-v", "error", "-y", *inputs, "-filter_complex",
            ";".join([*scaled, row]), "-frames:v", "1", "-q:v", "4", str(TARGET),
        ],
        check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
