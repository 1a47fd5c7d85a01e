"""Covers and cards: a still of the clip with a title, composed by MoviePy.

The title is drawn as captions are, by libass on a clear ground, with its emoji as pictures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from btsclip import captions
from btsclip.captions.safezones import safe_box
from btsclip.captions.title import Title, TitlePosition, title_of
from btsclip.errors import PresetError
from btsclip.media.footage import Footage
from btsclip.media.output import output_error
from btsclip.media.pictures import read_picture
from btsclip.plan.model import Card, Clip, Span
from btsclip.presets.schema import Output, Preset
from btsclip.render import process
from btsclip.render.compose import END_CARD, card_name
from btsclip.render.graph import span_picture
from btsclip.render.timeline import parts_of

if TYPE_CHECKING:
    from moviepy import ImageClip

QUALITY = 90
# A card's ground is blurred while it is so many pixels wide, and keeps this share of its light.
GROUND, GROUND_LIGHT = 216, 0.45
# Sizes of the preset's hook that a card's text takes at most: a note is a sentence, no headline.
LARGEST = {"why": 1.1, "time": 1.4, "title": 1.5}
# Names in the temp folder.
TITLE, DRAWN, _GROUND = "title.ass", "title.png", "ground.png"

Pixels = NDArray[np.uint8]


def make_cover(still: Path, title: Title | None, cover: Path) -> None:
    """Writes the JPEG `cover` from the picture `still`, with `title` over it, using the folder of
    `still` for what lies between.

    Raises RenderError when the title can't be drawn.
    """
    from moviepy import ImageClip

    _compose(ImageClip(str(still), duration=1), title, still.parent, cover)


def make_card(still: Path, title: Title | None, card: Path) -> None:
    """Writes the PNG `card`: `title` on the picture `still`, blurred and darkened. Raises as
    `make_cover` does."""
    from moviepy import ImageClip

    ground = ImageClip(str(still), duration=1).image_transform(_as_ground)
    _compose(ground, title, still.parent, card)


def write_cards(footage: Mapping[str, Footage], clip: Clip, preset: Preset, folder: Path) -> None:
    """Draws the pictures of all cards of `clip` into the temp folder.

    Raises CaptionError for characters that no font has, RenderError when ffmpeg fails.
    """
    for part in parts_of(clip, preset.output):
        if part.card:
            _take_ground(footage[part.span.source], part.span, preset, folder)
            make_card(folder / _GROUND, text_of(part.card, preset), folder / card_name(part.number))


def text_of(card: Card, preset: Preset) -> Title | None:
    """The card's text in the middle of the safe box."""
    _, top, _, bottom = safe_box(preset.output)
    middle = (top + bottom) / 2 / preset.output.height
    return title_of(card.text, preset, TitlePosition(LARGEST[card.role], middle))


def _take_ground(footage: Footage, span: Span, preset: Preset, folder: Path) -> None:
    """Writes the first picture of the span, as it will be shown."""
    picture = span_picture(footage, span, preset, 1, bounded=True)
    taken = picture.output(_GROUND, **{"frames:v": 1})
    process.run_ffmpeg(["-loglevel", "error", *taken.get_args()], folder)


def write_end_card(clip: Clip, preset: Preset, folder: Path) -> None:
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
        whole.convert("RGB").save(folder / END_CARD)
    except OSError as error:
        raise output_error(folder.parent, error) from error


def _as_ground(picture: Pixels) -> Pixels:
    """RGB (h, w, 3) as what a text is read on: shapes and colours stay, details go."""
    import cv2

    high, wide = picture.shape[:2]
    small = cv2.resize(picture, (GROUND, GROUND * high // wide), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), GROUND / 24)
    large = cv2.resize(soft, (wide, high), interpolation=cv2.INTER_CUBIC)
    return (large * GROUND_LIGHT).astype(np.uint8)


def _compose(ground: ImageClip, title: Title | None, folder: Path, target: Path) -> None:
    from moviepy import CompositeVideoClip
    from PIL import Image

    layers = [ground]
    if title:
        layers += [_text(title, folder), *_emoji(title)]
    composed = CompositeVideoClip(layers) if len(layers) > 1 else layers[0]
    try:
        picture = Image.fromarray(composed.get_frame(0)).convert("RGB")
        picture.save(target, quality=QUALITY, compress_level=1)
    finally:
        composed.close()


def _text(title: Title, folder: Path) -> ImageClip:
    """The title's letters and box."""
    from PIL import Image

    (folder / TITLE).write_text(captions.ass_for(title.clip, title.preset) or "", "utf-8")
    process.run_ffmpeg(arguments(title.preset.output, captions.fonts_folder(folder)), folder)
    with Image.open(folder / DRAWN) as drawn:
        return _layer(_clear(np.asarray(drawn.convert("RGB"))))


def _emoji(title: Title) -> list[ImageClip]:
    """The title's emoji in the gaps that its text leaves for them."""
    from PIL import Image

    layers = []
    for overlay in captions.overlays_for(title.clip, title.preset):
        with Image.open(io.BytesIO(overlay.png)) as picture:
            drawn = _layer(np.asarray(picture.convert("RGBA")))
        layers.append(drawn.with_position((round(overlay.x), round(overlay.y))))
    return layers


def _layer(picture: Pixels) -> ImageClip:
    """RGBA, (h, w, 4), as a layer."""
    from moviepy import ImageClip

    return ImageClip(picture, transparent=True, duration=1)


def arguments(output: Output, fonts: Path) -> list[str]:
    """ffmpeg's arguments that draw TITLE with the fonts of the folder `fonts` on black and, below
    it, on white, as DRAWN."""
    grounds = [
        ffmpeg.input(
            f"color={name}:size={output.width}x{output.height}:rate=2:duration=0.5,format=rgb24",
            f="lavfi",
        )
        for name in ("black", "white")
    ]
    drawn = (
        ffmpeg.concat(*grounds)
        .filter("ass", filename=TITLE, fontsdir=str(fonts))
        .filter("tile", "1x2")
        .output(DRAWN, **{"frames:v": 1, "compression_level": 1})
    )
    return ["-loglevel", "error", *drawn.get_args()]


def _clear(drawn: Pixels) -> Pixels:
    """A picture drawn on black and below it on white, (2h, w, 3), as RGBA on a clear ground,
    (h, w, 4).

    ffmpeg can draw texts on a clear ground, but makes half-clear colours too clear there.
    """
    black, white = np.split(drawn.astype(np.float32), 2)
    solid = 255 - (white - black).mean(axis=2, keepdims=True)
    colour = np.where(solid > 0, black * 255 / np.maximum(solid, 1), 0)
    return np.dstack([colour, solid]).round().clip(0, 255).astype(np.uint8)
