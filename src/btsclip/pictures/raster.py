"""A drawing as pixels, by Pillow."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import resources
from itertools import chain

from PIL import Image, ImageDraw, ImageFont, features

from btsclip.pictures.lettering import clean, font_of, is_silent, visual_runs
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

# Pillow's shapes have hard edges: everything is drawn this much larger and made smaller.
FINE = 2
# Stands for a character that no shipped font has.
NO_FONT = "□"


def to_image(drawing: Drawing) -> Image.Image:
    """`drawing` as an RGB picture of its own width and height."""
    size = (drawing.width * FINE, drawing.height * FINE)
    image = Image.new("RGB", size, drawing.ground)
    # In this mode colours with an alpha are blended with what is there.
    canvas = ImageDraw.Draw(image, "RGBA")
    for shape in drawing.shapes:
        _draw(image, canvas, shape)
    return image.reduce(FINE)


def _draw(image: Image.Image, canvas: ImageDraw.ImageDraw, shape: Shape) -> None:
    match shape:
        case Rect():
            _rect(canvas, shape)
        case Area() if len(shape.points) > 2:
            canvas.polygon(_fine(shape.points), _colour(shape.fill, shape.opacity))
        case Line() if len(shape.points) > 1:
            colour = _colour(shape.stroke, shape.opacity)
            canvas.line(_fine(shape.points), colour, _thick(shape.width), joint="curve")
        case Strokes():
            for x, top, bottom in shape.strokes:
                _stroke(canvas, shape, x, top, bottom)
        case TextLine():
            _text(canvas, shape)
        case Picture():
            left, top = round(shape.x * FINE), round(shape.y * FINE)
            size = _thick(shape.width), _thick(shape.height)
            photo = Image.fromarray(shape.pixels).resize(size, Image.Resampling.LANCZOS)
            image.paste(photo, (left, top))


def _rect(canvas: ImageDraw.ImageDraw, rect: Rect) -> None:
    if rect.width <= 0 or rect.height <= 0:
        return
    if rect.fill and rect.opacity > 0:
        colour = _colour(rect.fill, rect.opacity)
        canvas.rounded_rectangle(_corners(rect, 0.0), rect.radius * FINE, colour)
    if rect.stroke:
        # SVG lays a stroke half in and half out, Pillow all in.
        outer = _corners(rect, rect.stroke_width / 2)
        radius = (rect.radius + rect.stroke_width / 2) * FINE if rect.radius else 0
        colour, width = _colour(rect.stroke, 1.0), _thick(rect.stroke_width)
        canvas.rounded_rectangle(outer, radius, outline=colour, width=width)


def _corners(rect: Rect, margin: float) -> tuple[int, int, int, int]:
    """First and last pixel, for Pillow counts the last one in."""
    left, top = round((rect.x - margin) * FINE), round((rect.y - margin) * FINE)
    right = round((rect.x + rect.width + margin) * FINE) - 1
    bottom = round((rect.y + rect.height + margin) * FINE) - 1
    return left, top, max(left, right), max(top, bottom)


def _stroke(
    canvas: ImageDraw.ImageDraw, shape: Strokes, x: float, top: float, bottom: float
) -> None:
    colour, width = _colour(shape.stroke, shape.opacity), _thick(shape.width)
    drawn, gap = shape.dash or (bottom - top, 0.0)
    while top < bottom:
        end = min(bottom, top + drawn)
        canvas.line([(x * FINE, top * FINE), (x * FINE, end * FINE)], colour, width)
        top = end + gap


def _text(canvas: ImageDraw.ImageDraw, text: TextLine) -> None:
    size = round(text.size * FINE)
    shaped = features.check("raqm")
    drawn = []
    for family, backwards, run in visual_runs(clean(text.text)):
        plain = run if family else "".join(NO_FONT for c in run if not is_silent(c))
        font = _font(font_of(family).path.name, size)
        # Without the shaper letters can at least be set in the right order.
        ordered = plain if shaped or not backwards else plain[::-1]
        direction = ("rtl" if backwards else "ltr") if shaped else None
        drawn.append((font, ordered, direction, font.getlength(ordered, direction=direction)))
    total = sum(length for *_, length in drawn)
    x = text.x * FINE - {"start": 0.0, "middle": total / 2, "end": total}[text.anchor]
    for font, run, direction, length in drawn:
        canvas.text((x, text.y * FINE), run, text.fill, font, "ls", direction=direction)
        x += length


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_font_file(name)), size)


@lru_cache(maxsize=8)
def _font_file(name: str) -> bytes:
    return resources.files("btsclip.captions").joinpath("fonts", name).read_bytes()


def _fine(points: tuple[Point, ...]) -> list[float]:
    return [value * FINE for value in chain.from_iterable(points)]


def _thick(length: float) -> int:
    return max(1, round(length * FINE))


def _colour(colour: str, opacity: float) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * opacity)
