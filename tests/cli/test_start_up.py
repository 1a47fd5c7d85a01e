"""What a quick command must not load: it would make everybody wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

KITCHEN = str(Path(__file__).parents[2] / "samples" / "kitchen.mp4")
# Libraries that no quick command needs, by the names they are imported under.
HEAVY = {
    "PIL",
    "ffmpeg",
    "fontTools",
    "highspy",
    "jinja2",
    "moviepy",
    "onnxruntime",
    "opentimelineio",
    "pysubs2",
    "rapidfuzz",
    "scenedetect",
    "sqlite3",
    "uharfbuzz",
}


def loaded(*arguments: str) -> set[str]:
    """The modules that the program has loaded when it ends."""
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n"
        "from btsclip.cli import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("cut", "--help")])
def test_pages_of_help_load_no_library_that_reads_video(arguments: tuple[str, ...]) -> None:
    assert not (HEAVY | {"av", "cv2", "numpy"}) & loaded(*arguments)


@pytest.mark.parametrize("arguments", [("probe", KITCHEN), ("probe", KITCHEN, "--json")])
def test_probe_loads_no_analysis(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert not HEAVY & modules
    assert not {"btsclip.analysis.analysis", "btsclip.moments", "btsclip.render"} & modules
