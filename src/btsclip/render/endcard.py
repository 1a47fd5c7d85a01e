"""What follows a clip: its last picture held and darkened, or a picture of the preset's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg

from btsclip.errors import PresetError
from btsclip.media.output import output_error
from btsclip.media.pictures import read_picture
from btsclip.plan.model import Clip
from btsclip.presets.schema import Output, Preset

# Name in the temp folder.
PICTURE = "endcard.png"
# Seconds in which the held picture darkens, in steps of a frame.
DARKENS = 0.2


def frames(clip: Clip, output: Output) -> int:
    """Frames of the clip's end card; 0 without one."""
    return round(clip.end_card.seconds * output.fps) if clip.end_card else 0


def write_picture(clip: Clip, preset: Preset, folder: Path) -> None:
    """Writes the preset's picture, cut to fill the screen, into the temp folder for `held`.

    Raises PresetError when it can't be read, OutputError when it can't be written.
    """
    if not clip.end_card or not preset.end_card.image:
        return
    from PIL import Image, ImageOps

    size = (preset.output.width, preset.output.height)
    shown = ImageOps.fit(read_picture(Path(preset.end_card.image), PresetError), size)
    # What lets through lies on black.
    whole = Image.new("RGBA", size, (0, 0, 0, 255))
    whole.alpha_composite(shown)
    try:
        whole.convert("RGB").save(folder / PICTURE)
    except OSError as error:
        raise output_error(folder.parent, error) from error


def add_end_card(picture: Any, clip: Clip, preset: Preset, shown: int) -> Any:
    """The stream of `shown` frames with those of the clip's end card after them."""
    if not clip.end_card:
        return picture
    fps, count = preset.output.fps, frames(clip, preset.output)
    picture = picture.filter("tpad", stop_mode="clone", stop=count)
    if preset.end_card.image:
        card = ffmpeg.input(PICTURE).filter("scale", out_color_matrix="bt709", out_range="tv")
        return ffmpeg.overlay(
            picture, card, enable=f"gte(t,{(shown - 0.5) / fps:.5f})", eof_action="repeat"
        )
    steps = max(1, round(DARKENS * fps))
    for step in range(1, steps + 1):
        first, last = ((shown + k - 0.5) / fps for k in (step - 1, step))
        when = f"gte(t,{first:.5f})" + (f"*lt(t,{last:.5f})" if step < steps else "")
        light = f"{1 - preset.end_card.dim * step / steps:.4f}"
        colour = f"128+(val-128)*{light}"
        picture = picture.filter(
            "lutyuv", y=f"16+(val-16)*{light}", u=colour, v=colour, enable=when
        )
    return picture
