"""A finished clip as numbers: its pictures, its sound, its levels."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from plans import clip_values

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.presets.schema import Output, Preset

# Small and quick; the shape is that of the real thing.
PRESET = Preset(output=Output(width=216, height=384, fps=30, crf=14, speed="ultrafast"))


def plan_of(*paths: Path, others: Sequence[Span] = (), **changes: object) -> CutPlan:
    """A plan with one clip a source, "clip-1" and so on: the whole of it, cropped in the middle,
    and the `others` after it."""
    clips, sources = [], []
    for number, path in enumerate(paths, 1):
        facts = probe(path)
        width = min(1.0, facts.height * 9 / 16 / facts.width)
        height = min(1.0, facts.width * 16 / 9 / facts.height)
        values = {
            "id": f"clip-{number}", "source": str(path), "start": 0.0, "end": facts.duration,
            "kind": "process", "score": 0.5, "why": "a test",
            "crop": [(0.0, 0.5, 0.5, width, height)],
        }  # fmt: skip
        clips.append(Clip(**clip_values(values | changes, others)))
        sources.append(Source(path=str(path), size=facts.size, duration=facts.duration))
    return CutPlan(preset="test", sources=sources, clips=clips)


def pictures(path: Path, output: Output = PRESET.output) -> np.ndarray:
    """All frames as RGB, (n, height, width, 3) in uint8, colours after the file's own tags."""
    raw = _decode(path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough")
    return np.frombuffer(raw, np.uint8).reshape(-1, output.height, output.width, 3)


def samples(path: Path) -> np.ndarray:
    """The sound as float samples at 48 kHz, (n, 2)."""
    raw = _decode(path, "-vn", "-f", "f32le", "-c:a", "pcm_f32le")
    return np.frombuffer(raw, np.float32).reshape(-1, 2)


def _decode(path: Path, *how: str) -> bytes:
    command = [ffmpeg_path(), "-v", "error", "-i", str(path), *how, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of the finished file."""
    command = [ffmpeg_path(), "-hide_banner", "-i", str(path), "-vn", "-af", "ebur128=peak=true"]
    said = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True).stderr
    summary = said.rpartition("Summary:")[2]
    return tuple(  # type: ignore[return-value]
        float(re.search(pattern, summary)[1])  # type: ignore[index]
        for pattern in (r"I:\s+(\S+) LUFS", r"Peak:\s+(\S+) dBFS")
    )


def flash_time(frames: np.ndarray, fps: int = 30) -> float:
    """Seconds at which the first white picture is shown."""
    white = frames.mean(axis=(1, 2, 3)) > 215
    assert white.any(), "no white picture"
    return int(white.argmax()) / fps


def beep_time(sound: np.ndarray) -> float:
    """Seconds at which the sound first gets loud."""
    level = np.abs(sound).max(axis=1)
    return int((level > 0.5 * level.max()).argmax()) / 48_000


def quadrants(frame: np.ndarray) -> list[tuple[int, int, int]]:
    """Mean colours a quarter in from the corners, in reading order."""
    height, width = frame.shape[:2]
    spots = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [tuple(frame[y - 4 : y + 5, x - 4 : x + 5].mean((0, 1)).round().astype(int))
            for y, x in spots]  # fmt: skip


def tags(path: Path) -> tuple[str | None, int, int, int, int]:
    """Pixel format and the H.273 numbers of range, matrix, primaries and transfer."""
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        return (
            context.pix_fmt, int(context.color_range), int(context.colorspace),
            int(context.color_primaries), int(context.color_trc),
        )  # fmt: skip
