"""A take without an index is cut as the same take with one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import small_shoot
from media import ffmpeg

PROGRAM = [sys.executable, "-c", "from btsclip.cli import main; main()"]
LATE = ("-g", "240", "-keyint_min", "240", "-sc_threshold", "0")


def clips_of(take: Path, out: Path) -> list[dict[str, Any]]:
    """The clips that `btsclip cut` makes of the take."""
    look = small_shoot.look(take.parent)
    done = subprocess.run(
        [*PROGRAM, "cut", str(take), "-o", str(out), "--preset", str(look), "--json"],
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    clips: list[dict[str, Any]] = json.loads(done.stdout)["clips"]
    return clips


@pytest.mark.slow
def test_mpeg_ts_with_rare_keyframes_is_cut_as_mp4(tmp_path: Path) -> None:
    late = small_shoot.part(tmp_path / "late.ts", 0, 24, *LATE)
    plain = tmp_path / "plain.mp4"
    ffmpeg("-i", late, "-c", "copy", plain)
    found, expected = clips_of(late, tmp_path / "a"), clips_of(plain, tmp_path / "b")
    assert len(found) == len(expected) > 0
    for clip, other in zip(found, expected, strict=True):
        assert clip["kind"] == other["kind"]
        assert clip["start"] == pytest.approx(other["start"], abs=0.3)
        assert Path(clip["path"]).is_file()
