"""Covers and cards: a still of the clip with a title, composed by MoviePy.

libass draws the title, as it draws captions, on a transparent ground; its emoji are pictures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip.captions import (
    Title,
    TitlePosition,
    ass_for,
    fonts_folder,
    overlays_for,
    safe_box,
    title_of,
)
from btsclip.errors import PresetError
from btsclip.media import Footage, output_error, read_picture
from btsclip.plan import Card, Clip, Span
from btsclip.presets import Output, Preset
from btsclip.render import process
from btsclip.render.compose import CARD_NAME, END_CARD_NAME
from btsclip.render.graph import span_picture
from btsclip.render.timeline import parts_of

if TYPE_CHECKING:
    from moviepy import ImageClip

JPEG_QUALITY = 90
# Pixels in width at which a card's ground is blurred, and the share of its light that stays.
GROUND_WIDTH = 216
GROUND_LIGHT = 0.45
# A card's largest text, in sizes of the preset's hook: a note is a sentence, no headline.
MAX_TEXT_SCALE = {"why": 1.1, "time": 1.4, "title": 1.5}
# Names in the temp folder.
TITLE_ASS = "title.ass"
TITLE_PNG = "title.png"
GROUND = "ground.png"

Pixels = NDArray[np.uint8]


def make_cover(still: Path, title: Title | None, cover: Path) -> None:
    """Write the JPEG `cover`: the picture `still` with `title` over it. Intermediate files go into
    the folder of `still`.

    Raises RenderError when the title can't be drawn.
    """
    from moviepy import ImageClip

    _write_composed(ImageClip(str(still), duration=1), title, still.parent, cover)


def make_card(still: Path, title: Title | None, card: Path) -> None:
    """Write the PNG `card`: `title` on the picture `still`, blurred and darkened. Raises the same
    as `make_cover`."""
    from moviepy import ImageClip

    ground = ImageClip(str(still), duration=1).image_transform(_soften)
    _write_composed(ground, title, still.parent, card)


def write_cards(footage: Mapping[str, Footage], clip: Clip, preset: Preset, folder: Path) -> None:
    """Draw the pictures of all cards of `clip` into the temp folder.

    Raises CaptionError for characters that no font has, RenderError when ffmpeg fails.
    """
    for part in parts_of(clip, preset.output):
        if part.card:
            _write_ground(footage[part.span.source], part.span, preset, folder)
            card = folder / CARD_NAME.format(part.number)
            make_card(folder / GROUND, card_title(part.card, preset), card)


def card_title(card: Card, preset: Preset) -> Title | None:
    """The card's text in the middle of the safe box."""
    _, top, _, bottom = safe_box(preset.output)
    middle = (top + bottom) / 2 / preset.output.height
    position = TitlePosition(MAX_TEXT_SCALE[card.role], middle)
    return title_of(card.text, preset, position, (top, bottom))


def _write_ground(footage: Footage, span: Span, preset: Preset, folder: Path) -> None:
    """Write the finished first picture of the span."""
    picture = span_picture(footage, span, preset, 1, bounded=True)
    ground = picture.output(GROUND, **{"frames:v": 1})
    process.run_ffmpeg(["-loglevel", "error", *ground.get_args()], folder)


def write_end_card(clip: Clip, preset: Preset, folder: Path) -> None:
    """Write the preset's end card, cropped to fill the screen, into the temp folder, if the clip
    has one with a picture.

    Raises PresetError when it can't be read, OutputError when it can't be written.
    """
    if not clip.end_card or not preset.end_card.image:
        return
    from PIL import Image, ImageOps

    size = (preset.output.width, preset.output.height)
    picture = ImageOps.fit(read_picture(Path(preset.end_card.image), PresetError), size)
    card = Image.new("RGBA", size, (0, 0, 0, 255))
    card.alpha_composite(picture)
    try:
        card.convert("RGB").save(folder / END_CARD_NAME)
    except OSError as error:
        raise output_error(folder.parent, error) from error


def _soften(picture: Pixels) -> Pixels:
    """An RGB picture (h, w, 3), blurred and darkened to be the ground of a text."""
    import cv2

    height, width = picture.shape[:2]
    size = GROUND_WIDTH, GROUND_WIDTH * height // width
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), GROUND_WIDTH / 24)
    large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    return (large * GROUND_LIGHT).astype(np.uint8)


def _write_composed(ground: ImageClip, title: Title | None, folder: Path, target: Path) -> None:
    from moviepy import CompositeVideoClip
    from PIL import Image

    layers = [ground]
    if title:
        layers += [_draw_title(title, folder), *_emoji_layers(title)]
    composed = CompositeVideoClip(layers) if len(layers) > 1 else layers[0]
    try:
        picture = Image.fromarray(composed.get_frame(0)).convert("RGB")
        picture.save(target, quality=JPEG_QUALITY, compress_level=1)
    finally:
        composed.close()


def _draw_title(title: Title, folder: Path) -> ImageClip:
    """The title's letters and box as a layer."""
    from PIL import Image

    (folder / TITLE_ASS).write_text(ass_for(title.clip, title.preset) or "", "utf-8")
    process.run_ffmpeg(_title_arguments(title.preset.output, fonts_folder(folder)), folder)
    with Image.open(folder / TITLE_PNG) as drawn:
        return _layer(_to_rgba(np.asarray(drawn.convert("RGB"))))


def _emoji_layers(title: Title) -> list[ImageClip]:
    """The title's emoji, in the gaps that the text leaves for them."""
    from PIL import Image

    layers = []
    for overlay in overlays_for(title.clip, title.preset):
        with Image.open(io.BytesIO(overlay.png)) as picture:
            layer = _layer(np.asarray(picture.convert("RGBA")))
        layers.append(layer.with_position((round(overlay.x), round(overlay.y))))
    return layers


def _layer(picture: Pixels) -> ImageClip:
    """An RGBA picture (h, w, 4) as a layer."""
    from moviepy import ImageClip

    return ImageClip(picture, transparent=True, duration=1)


def _title_arguments(output: Output, fonts: Path) -> list[str]:
    """ffmpeg's arguments that draw TITLE_ASS on black and, below it, on white, as TITLE_PNG.
    `fonts` is the folder of its fonts."""
    grounds = [
        ffmpeg.input(
            f"color={name}:size={output.width}x{output.height}:rate=2:duration=0.5,format=rgb24",
            f="lavfi",
        )
        for name in ("black", "white")
    ]
    drawn = (
        ffmpeg.concat(*grounds)
        .filter("ass", filename=TITLE_ASS, fontsdir=str(fonts))
        .filter("tile", "1x2")
        .output(TITLE_PNG, **{"frames:v": 1, "compression_level": 1})
    )
    return ["-loglevel", "error", *drawn.get_args()]


def _to_rgba(drawn: Pixels) -> Pixels:
    """The RGBA picture (h, w, 4) of a text drawn on black and, below it, on white (2h, w, 3).

    ffmpeg can draw texts on a transparent ground, but makes translucent colors too transparent.
    """
    black, white = np.split(drawn.astype(np.float32), 2)
    alpha = 255 - (white - black).mean(axis=2, keepdims=True)
    color = np.where(alpha > 0, black * 255 / np.maximum(alpha, 1), 0)
    return np.dstack([color, alpha]).round().clip(0, 255).astype(np.uint8)
