"""A preset's look on one picture: its captions, watermark and the platform's safe box."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ffmpeg

from btsclip.captions import (
    Fact,
    Overlay,
    ass_for,
    captions_for,
    fonts_folder,
    overlays_for,
    place_captions,
    safe_box,
    watermark_area,
    watermark_overlay,
)
from btsclip.errors import OutputError
from btsclip.media import output_error, picture_input, probe, publish, refuse_existing, staging
from btsclip.plan import Clip, Span
from btsclip.presets import Output, Preset
from btsclip.render import compose, process
from btsclip.render.color import scale_picture, to_bt709
from btsclip.render.deinterlace import whole_pictures
from btsclip.render.graph import CAPTIONS, STILL

# A picture of the sample footage, used without other footage.
KITCHEN = Path(__file__).parent / "kitchen.jpg"
# The example clip: kneading for eight seconds.
SECONDS = 8.0
FPS = 25
EVIDENCE = {"hands": 2.0, "hands_share": 1.0, "rhythm": 1.0}
EXAMPLE = "an example"
FACTS = {
    name: Fact(text, EXAMPLE)
    for name, text in {
        "dish": "Focaccia", "name": "Focaccia", "step": "Knead the dough", "number": "2",
        "steps": "5", "elapsed": "1 h 10 min", "person": "Ana",
    }.items()
}  # fmt: skip
# Seconds from the last caption's start to the preview: its first words have been highlighted.
SETTLED_SECONDS = 1.0
# The picture's place in the footage, as a share of its length.
PICTURE_AT = 1 / 3
# The safe box's line, in pixels.
LINE_WIDTH = 3
LINE_COLOR = "white@0.6"
# Name in the temp folder.
PICTURE = "taken.png"


def render_preview(
    preset: Preset, target: Path, *, footage: Path | None = None, force: bool = False
) -> None:
    """Draw the captions, watermark and safe box of `preset` on a picture and write it to `target`.

    The picture is from `footage`, or else from the sample. Raises OutputError for a target that is
    not a .png or already exists (without `force`), FootageError, CaptionError and RenderError.
    """
    if target.suffix.lower() != ".png":
        raise OutputError(target, "a preview is a PNG picture", "end its name in .png")
    if not force:
        refuse_existing([target])
    clip = _example_clip(preset)
    text = ass_for(clip, preset)
    watermark = watermark_overlay(preset, SECONDS)
    overlays = [*overlays_for(clip, preset), *([watermark] if watermark else [])]
    with staging(target.parent) as folder:
        picture = _extract_picture(footage, folder) if footage else KITCHEN
        try:
            (folder / CAPTIONS).write_text(text or "", "utf-8")
            compose.write_overlays(overlays, folder)
            fonts = fonts_folder(folder) if text else None
        except OSError as error:
            raise output_error(target, error) from error
        at = max((c.start for c in clip.captions), default=0.0) + SETTLED_SECONDS
        process.run_ffmpeg(_arguments(picture, preset.output, at, fonts, overlays), folder)
        publish([(folder / STILL, target)], force)


def _example_clip(preset: Preset) -> Clip:
    """A clip of kneading with the preset's captions, as if notes named dish and step."""
    captions = [
        # In a clip they follow each other; one picture is to show them all.
        caption.model_copy(update={"start": 0.0, "end": SECONDS})
        for caption in captions_for("process", "knead", SECONDS, EVIDENCE, preset, facts=FACTS)
    ]
    placed = place_captions(captions, preset, watermark_area(preset, SECONDS))
    return Clip(
        id="preview", kind="process", action="knead", score=1, why="an example",
        spans=[Span(source="preview", start=0, end=SECONDS, layout="fit-blur")],
        captions=list(placed),
    )  # fmt: skip


def _arguments(
    picture: Path, output: Output, at: float, fonts: Path | None, overlays: Sequence[Overlay]
) -> list[str]:
    """ffmpeg's arguments that make STILL: the middle of `picture` with captions and overlays as
    they are at the time `at`, and the safe box. `fonts` is None without CAPTIONS."""
    left, top, right, bottom = safe_box(output)
    size = {"w": output.width, "h": output.height}
    stream = (
        ffmpeg.input(str(picture.resolve()), loop=1, framerate=FPS, t=at + 1 / FPS)
        .filter("scale", **size, force_original_aspect_ratio="increase", flags="bicubic")
        .filter("crop", output.width, output.height)
        .filter("setsar", "1")
    )
    if overlays:
        # Overlays are converted to bt709; the picture below them must be, too.
        stream = stream.filter("scale", out_color_matrix="bt709", out_range="tv")
        stream = stream.filter("format", "yuv420p")
    if fonts:
        stream = stream.filter("ass", filename=CAPTIONS, fontsdir=str(fonts))
    box = {"x": left, "y": top, "w": right - left, "h": bottom - top}
    stream = (
        compose.add_overlays(stream, overlays, FPS)
        .filter("drawbox", **box, color=LINE_COLOR, t=LINE_WIDTH)
        .filter("trim", start=at)
    )
    still = stream.output(STILL, **{"frames:v": 1, "fps_mode": "passthrough"})
    return ["-loglevel", "error", *still.get_args()]


def _extract_picture(footage: Path, folder: Path) -> Path:
    """A picture of the footage, upright, in the temp folder."""
    facts = probe(footage)
    source, clock = picture_input(facts, PICTURE_AT * facts.duration)
    stream = whole_pictures(source, facts).filter("setpts", clock).filter("trim", start=0)
    width, height = (2 * round(side / 2) for side in (facts.width, facts.height))
    stream = to_bt709(scale_picture(stream, width, height, facts), facts).filter("setsar", "1")
    picture = stream.output(PICTURE, **{"frames:v": 1})
    process.run_ffmpeg(["-loglevel", "error", *picture.get_args()], folder)
    return folder / PICTURE
