"""Captions drawn over a plain picture, with emoji and stickers, as in a clip."""

from __future__ import annotations

import subprocess
from pathlib import Path

import ffmpeg
import numpy as np

from btsclip.captions import ass_for, fonts_folder, overlays_for
from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.render import compose

SECONDS = 4.0
FPS = 20


def look(preset: str = "honest-kitchen", small: bool = False, **hook: object) -> Preset:
    """A preset with changed keys in its hook style; in half its size if `small`."""
    base = load_preset(preset)
    style = base.captions.hook_style.model_copy(update={"seconds": SECONDS, **hook})
    captions = base.captions.model_copy(update={"hook_style": style})
    size = {"width": 540, "height": 960} if small else {}
    output = base.output.model_copy(update=size)
    return base.model_copy(update={"captions": captions, "output": output})


def caption(text: str, role: str = "hook", start: float = 0, end: float = SECONDS) -> Caption:
    return Caption.model_validate({"text": text, "role": role, "start": start, "end": end})


def clip_of(*captions: Caption, seconds: float = SECONDS) -> Clip:
    return Clip(
        id="c", kind="process", score=1, why="",
        spans=[Span(source="a", start=0, end=seconds, crop=[(0, 0.5, 0.5, 0.3, 1)])],
        captions=list(captions),
    )  # fmt: skip


def draw(
    clip: Clip, preset: Preset, folder: Path, at: float = 2.0, pictures: bool = True
) -> np.ndarray:
    """The clip's captions over gray at `at` seconds, (height, width, 3) of 0..255; without
    `pictures` only the texts, with gaps."""
    output = preset.output
    gray = f"color=0x808080:s={output.width}x{output.height}:d={SECONDS}:r={FPS}"
    stream = (
        ffmpeg.input(gray, f="lavfi")
        .filter("format", "yuv420p")
        .filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709",
                colorspace="bt709")
    )  # fmt: skip
    document = ass_for(clip, preset)
    if document:
        (folder / "c.ass").write_text(document, "utf-8")
        stream = stream.filter("ass", filename="c.ass", fontsdir=str(fonts_folder(folder)))
    if pictures:
        pictures_over = overlays_for(clip, preset)
        compose.write_overlays(pictures_over, folder)
        stream = compose.add_overlays(stream, pictures_over, FPS)
    frame = (
        stream.filter("trim", start=at)
        .filter("scale", in_color_matrix="bt709")
        .output("pipe:1", f="rawvideo", pix_fmt="rgb24", **{"frames:v": 1})
    )
    command = [ffmpeg_path(), "-v", "error", *frame.get_args()]
    raw = subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(output.height, output.width, 3).astype(int)


def changed_pixels(picture: np.ndarray) -> np.ndarray:
    """The pixels on which anything is drawn, (height, width)."""
    return np.abs(picture - picture[0, 0]).max(-1) > 12
