"""Renders ../kitchen.mp4. Run: python samples/render/render.py

Needs node with npm, Chromium and espeak-ng; takes about ten minutes on two cores.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import imageio_ffmpeg
from sound import write_wav

HERE = Path(__file__).parent
TARGET = HERE.parent / "kitchen.mp4"
PACKAGES = ("three@0.187.0", "@webxr-input-profiles/assets@1.0.20", "playwright-core@1.65.1")
RATE = 30


def main() -> None:
    """Installs what draws, draws, and encodes picture and sound into TARGET."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is missing: install it and run this again")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install = ["npm", "install", "--silent", "--no-save", "--prefix", name, *PACKAGES]
        subprocess.run(install, check=True)
        write_wav(folder / "sound.wav")
        draw = ["node", str(HERE / "frames.mjs"), name, chromium, str(RATE)]
        with subprocess.Popen(draw, stdout=subprocess.PIPE) as drawing:
            encode(drawing, folder)
            if drawing.wait():
                sys.exit("drawing failed")
        shutil.copy(folder / "kitchen.mp4", TARGET)


def encode(drawing: subprocess.Popen[bytes], folder: Path) -> None:
    """Reads JPEG frames and writes kitchen.mp4 with a little sensor noise, as a camera would."""
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y",
            "-f", "image2pipe", "-c:v", "mjpeg", "-framerate", str(RATE), "-i", "pipe:0",
            "-i", str(folder / "sound.wav"),
            "-vf", "noise=alls=5:allf=t,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
            "-c:v", "libx264", "-preset", "slow", "-crf", "25", "-g", str(RATE),
            "-maxrate", "1300k", "-bufsize", "2600k",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-c:a", "aac", "-b:a", "128k", "-shortest", "-movflags", "+faststart",
            "-metadata", "creation_time=2026-11-01T09:30:00Z",
            str(folder / "kitchen.mp4"),
        ],
        stdin=drawing.stdout, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
