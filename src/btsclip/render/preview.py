"""A preset drawn on one picture, with the platform's safe box: what its clips will look like."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ffmpeg

from btsclip.captions import (
    ass_for,
    captions_for,
    fonts_folder,
    overlays_for,
    place_captions,
    watermark_area,
    watermark_overlay,
)
from btsclip.captions.overlays import Overlay
from btsclip.captions.safezones import safe_box
from btsclip.errors import OutputError
from btsclip.media.chapters import source_options
from btsclip.media.footage import probe
from btsclip.media.output import output_error, publish, refuse_existing, staging
from btsclip.plan.model import Clip, Span
from btsclip.presets.schema import Output, Preset
from btsclip.render import compose, process
from btsclip.render.graph import CAPTIONS, STILL

# A picture of the sample, for those who have no footage at hand.
KITCHEN = Path(__file__).parent / "kitchen.jpg"
# The clip whose captions are shown: somebody kneads for eight seconds.
SECONDS, RATE = 8.0, 25
EVIDENCE = {"hands": 2.0, "hands_share": 1.0}
# Seconds after the last caption's start: it has come, and its first words had their turn.
SETTLED = 1.0
# Where in the footage the picture is taken, as a share of its length.
TAKEN_AT = 1 / 3
LINE, LINE_COLOUR = 3, "white@0.6"


def render_preview(
    preset: Preset, target: Path, *, footage: Path | None = None, force: bool = False
) -> None:
    """Draws the captions of `preset`, its watermark and its safe box on a picture and writes it to
    `target`.

    The picture is the sample's, or one from `footage`. Captions are drawn as in clips. Raises
    OutputError for a target that is no .png or is there already (without `force`), FootageError,
    CaptionError and RenderError.
    """
    if target.suffix.lower() != ".png":
        raise OutputError(target, "a preview is a PNG picture", "end its name in .png")
    if not force:
        refuse_existing([target])
    clip = example(preset)
    text = ass_for(clip, preset)
    mark = watermark_overlay(preset, SECONDS)
    laid = [*overlays_for(clip, preset), *([mark] if mark else [])]
    with staging(target.parent) as folder:
        picture = _taken(footage, folder) if footage else KITCHEN
        try:
            (folder / CAPTIONS).write_text(text or "", "utf-8")
            compose.write_overlays(laid, folder)
            fonts = fonts_folder(folder) if text else None
        except OSError as error:
            raise output_error(target, error) from error
        at = max((c.start for c in clip.captions), default=0.0) + SETTLED
        process.run_ffmpeg(arguments(picture, preset.output, at, fonts, laid), folder)
        publish([(folder / STILL, target)], force)


def example(preset: Preset) -> Clip:
    """A clip of kneading with the captions that the preset writes on it."""
    captions = captions_for("process", "knead", SECONDS, EVIDENCE, preset)
    captions = place_captions(captions, preset, watermark_area(preset, SECONDS))
    return Clip(
        id="preview", kind="process", action="knead", score=1, why="an example",
        spans=[Span(source="preview", start=0, end=SECONDS, layout="fit-blur")],
        captions=list(captions),
    )  # fmt: skip


def arguments(
    picture: Path, output: Output, at: float, fonts: Path | None, laid: Sequence[Overlay]
) -> list[str]:
    """ffmpeg's arguments that make STILL: `picture` cropped in the middle, with `fonts` the
    captions of CAPTIONS, the pictures `laid` over it, as they are `at` seconds, and the safe box.
    """
    left, top, right, bottom = safe_box(output)
    size = {"w": output.width, "h": output.height}
    shown = (
        ffmpeg.input(str(picture.resolve()), loop=1, framerate=RATE, t=at + 1 / RATE)
        .filter("scale", **size, force_original_aspect_ratio="increase", flags="bicubic")
        .filter("crop", output.width, output.height)
        .filter("setsar", "1")
    )
    if laid:
        # The pictures are brought to bt709, and so is what they are laid on.
        shown = shown.filter("scale", out_color_matrix="bt709", out_range="tv")
        shown = shown.filter("format", "yuv420p")
    if fonts:
        shown = shown.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    shown = (
        compose.lay_over(shown, laid, RATE)
        .filter("drawbox", x=left, y=top, w=right - left, h=bottom - top, color=LINE_COLOUR, t=LINE)
        .filter("trim", start=at)
    )
    made = shown.output(STILL, **{"frames:v": 1, "fps_mode": "passthrough"})
    return ["-loglevel", "error", *made.get_args()]


def _taken(footage: Path, folder: Path) -> Path:
    """A picture from the footage, upright, in the temp folder."""
    facts = probe(footage)
    name, reading = source_options(facts)
    source = ffmpeg.input(name, ss=f"{TAKEN_AT * facts.duration:.3f}", **reading)
    taken = source[str(facts.video_stream)].filter("scale", "iw*sar", "ih").filter("setsar", "1")
    made = taken.output("taken.png", **{"frames:v": 1})
    process.run_ffmpeg(["-loglevel", "error", *made.get_args()], folder)
    return folder / "taken.png"
