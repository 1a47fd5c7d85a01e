"""Paint a drawing as pixels with Pillow."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import resources
from itertools import chain

from PIL import Image, ImageDraw, ImageFont, features

from btsclip.pictures.lettering import clean_text, font_of, is_silent, visual_runs
from btsclip.pictures.shapes import (
    Area,
    Drawing,
    Line,
    Picture,
    Point,
    Rect,
    Shape,
    Strokes,
    TextLine,
)

# Pillow draws hard edges, so everything is drawn this many times larger, then reduced.
SCALE = 2
# Drawn for a character that no shipped font has.
MISSING_CHARACTER = "□"


def to_image(drawing: Drawing) -> Image.Image:
    """`drawing` as an RGB image of its size."""
    size = (drawing.width * SCALE, drawing.height * SCALE)
    image = Image.new("RGB", size, drawing.ground)
    # This mode blends transparent colors with the picture below.
    canvas = ImageDraw.Draw(image, "RGBA")
    for shape in drawing.shapes:
        _draw_shape(image, canvas, shape)
    return image.reduce(SCALE)


def _draw_shape(image: Image.Image, canvas: ImageDraw.ImageDraw, shape: Shape) -> None:
    match shape:
        case Rect():
            _draw_rect(canvas, shape)
        case Area() if len(shape.points) > 2:
            canvas.polygon(_scale_points(shape.points), _rgba(shape.fill, shape.opacity))
        case Line() if len(shape.points) > 1:
            points, color = _scale_points(shape.points), _rgba(shape.stroke, shape.opacity)
            canvas.line(points, color, _scale_length(shape.width), joint="curve")
        case Strokes():
            for x, top, bottom in shape.strokes:
                _draw_stroke(canvas, shape, x, top, bottom)
        case TextLine():
            _draw_text(canvas, shape)
        case Picture():
            left, top = round(shape.x * SCALE), round(shape.y * SCALE)
            size = _scale_length(shape.width), _scale_length(shape.height)
            photo = Image.fromarray(shape.pixels).resize(size, Image.Resampling.LANCZOS)
            image.paste(photo, (left, top))


def _draw_rect(canvas: ImageDraw.ImageDraw, rect: Rect) -> None:
    if rect.width <= 0 or rect.height <= 0:
        return
    if rect.fill and rect.opacity > 0:
        color = _rgba(rect.fill, rect.opacity)
        canvas.rounded_rectangle(_pixel_corners(rect, 0.0), rect.radius * SCALE, color)
    if rect.stroke:
        # SVG draws a stroke half inside and half outside, Pillow only inside.
        outer = _pixel_corners(rect, rect.stroke_width / 2)
        radius = (rect.radius + rect.stroke_width / 2) * SCALE if rect.radius else 0
        color, width = _rgba(rect.stroke, 1.0), _scale_length(rect.stroke_width)
        canvas.rounded_rectangle(outer, radius, outline=color, width=width)


def _pixel_corners(rect: Rect, margin: float) -> tuple[int, int, int, int]:
    """The first and the last pixel: Pillow includes the last one."""
    left, top = round((rect.x - margin) * SCALE), round((rect.y - margin) * SCALE)
    right = round((rect.x + rect.width + margin) * SCALE) - 1
    bottom = round((rect.y + rect.height + margin) * SCALE) - 1
    return left, top, max(left, right), max(top, bottom)


def _draw_stroke(
    canvas: ImageDraw.ImageDraw, shape: Strokes, x: float, top: float, bottom: float
) -> None:
    color, width = _rgba(shape.stroke, shape.opacity), _scale_length(shape.width)
    dash, gap = shape.dash or (bottom - top, 0.0)
    while top < bottom:
        end = min(bottom, top + dash)
        canvas.line([(x * SCALE, top * SCALE), (x * SCALE, end * SCALE)], color, width)
        top = end + gap


def _draw_text(canvas: ImageDraw.ImageDraw, text: TextLine) -> None:
    size = round(text.size * SCALE)
    has_shaper = features.check("raqm")
    runs = []
    for family, backwards, run in visual_runs(clean_text(text.text)):
        drawable = run if family else "".join(MISSING_CHARACTER for c in run if not is_silent(c))
        font = _load_font(font_of(family).path.name, size)
        # Without the shaper, letters are at least drawn in the right order.
        ordered = drawable if has_shaper or not backwards else drawable[::-1]
        direction = ("rtl" if backwards else "ltr") if has_shaper else None
        runs.append((font, ordered, direction, font.getlength(ordered, direction=direction)))
    total = sum(length for *_, length in runs)
    x = text.x * SCALE - {"start": 0.0, "middle": total / 2, "end": total}[text.anchor]
    for font, run, direction, length in runs:
        canvas.text((x, text.y * SCALE), run, text.fill, font, "ls", direction=direction)
        x += length


@lru_cache(maxsize=64)
def _load_font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_read_font_file(name)), size)


@lru_cache(maxsize=8)
def _read_font_file(name: str) -> bytes:
    return resources.files("btsclip.captions").joinpath("fonts", name).read_bytes()


def _scale_points(points: tuple[Point, ...]) -> list[float]:
    return [value * SCALE for value in chain.from_iterable(points)]


def _scale_length(length: float) -> int:
    return max(1, round(length * SCALE))


def _rgba(color: str, opacity: float) -> tuple[int, int, int, int]:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * opacity)
