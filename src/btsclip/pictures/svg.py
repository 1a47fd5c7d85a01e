"""Write a drawing as a single SVG file, with fonts and pictures inside."""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from btsclip.pictures.lettering import FAMILIES, clean_text, family_of, font_of
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

NAMESPACE = "http://www.w3.org/2000/svg"
JPEG_QUALITY = 78
# The generic family comes last: it has characters that the shipped fonts lack, such as emoji.
FONT_STACK = ", ".join([*(f"'{name}'" for name in FAMILIES), "sans-serif"])

Element = ElementTree.Element


def to_svg(drawing: Drawing) -> bytes:
    """`drawing` as an SVG document in UTF-8."""
    ElementTree.register_namespace("", NAMESPACE)
    size = {"width": str(drawing.width), "height": str(drawing.height)}
    box = f"0 0 {drawing.width} {drawing.height}"
    label = {"role": "img", "aria-label": clean_text(drawing.title)}
    root = Element(_tag("svg"), {**size, "viewBox": box, **label})
    ElementTree.SubElement(root, _tag("style")).text = _style(drawing.shapes)
    # The ground keeps the picture readable in dark viewers.
    _add(root, "rect", width="100%", height="100%", fill=drawing.ground)
    for shape in drawing.shapes:
        _add_shape(root, shape)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_shape(root: Element, shape: Shape) -> None:
    match shape:
        case Rect():
            _add_rect(root, shape)
        case Area():
            path = f"M{_format_points(shape.points)}Z"
            _add(
                root,
                "path",
                d=path,
                fill=shape.fill,
                fill_opacity=_unless_default(shape.opacity, 1),
            )
        case Line():
            _add(
                root, "path", d=f"M{_format_points(shape.points)}", fill="none",
                stroke=shape.stroke, stroke_width=shape.width, stroke_linejoin="round",
                stroke_opacity=_unless_default(shape.opacity, 1), pointer_events="none",
            )  # fmt: skip
        case Strokes():
            path = "".join(
                f"M{_format_number(x)} {_format_number(top)}V{_format_number(bottom)}"
                for x, top, bottom in shape.strokes
            )
            _add(
                root, "path", d=path, fill="none",
                stroke=shape.stroke, stroke_width=shape.width,
                stroke_opacity=_unless_default(shape.opacity, 1), pointer_events="none",
                stroke_dasharray=" ".join(map(_format_number, shape.dash)) if shape.dash else None,
            )  # fmt: skip
        case TextLine():
            _add(
                root, "text", x=shape.x, y=shape.y, font_size=shape.size, fill=shape.fill,
                text_anchor=None if shape.anchor == "start" else shape.anchor,
            ).text = clean_text(shape.text)  # fmt: skip
        case Picture():
            url = _data_url("image/jpeg", _encode_jpeg(shape.pixels))
            _add(
                root, "image", x=shape.x, y=shape.y, width=shape.width, height=shape.height,
                preserveAspectRatio="none", href=url,
            )  # fmt: skip


def _add_rect(root: Element, rect: Rect) -> None:
    element = _add(
        root, "rect", x=rect.x, y=rect.y, width=rect.width, height=rect.height,
        fill=rect.fill or "none", fill_opacity=_unless_default(rect.opacity, 1),
        stroke=rect.stroke, stroke_width=rect.stroke_width if rect.stroke else None,
        rx=_unless_default(rect.radius, 0),
    )  # fmt: skip
    kind, _, name = rect.name.partition(" ")
    if kind:
        element.set("class", kind)
        element.set("data-id", clean_text(name))
    if rect.tip:
        ElementTree.SubElement(element, _tag("title")).text = clean_text(rect.tip)


def _add(root: Element, tag: str, **attributes: Any) -> Element:
    """Add a child to `root`, without the attributes that are None."""
    texts = {
        name if name == "preserveAspectRatio" else name.replace("_", "-"): (
            value if isinstance(value, str) else _format_number(value)
        )
        for name, value in attributes.items()
        if value is not None
    }
    return ElementTree.SubElement(root, _tag(tag), texts)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _unless_default(value: float, default: float) -> float | None:
    return None if value == default else value


def _format_number(value: float) -> str:
    """A number with at most two decimals: smaller parts of a pixel are invisible."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _format_points(points: Iterable[Point]) -> str:
    return "L".join(
        f"{_format_number(round(x, 1))} {_format_number(round(y, 1))}" for x, y in points
    )


def _style(shapes: Iterable[Shape]) -> str:
    """The shipped fonts, reduced to the characters of the drawing, as CSS."""
    texts = [clean_text(shape.text) for shape in shapes if isinstance(shape, TextLine)]
    characters = sorted(set(itertools.chain(*texts)))
    faces = [
        f"@font-face{{font-family:'{family}';font-weight:700;src:url({url})}}"
        for family in FAMILIES
        if (letters := "".join(c for c in characters if family_of(c) == family))
        for url in [_data_url("font/woff", _subset_font(family, letters))]
    ]
    return "".join([*faces, f"text{{font-family:{FONT_STACK};font-weight:700;white-space:pre}}"])


def _subset_font(family: str, letters: str) -> bytes:
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, desubroutinize=True)
    font = subset.load_font(str(font_of(family).path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    file = io.BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()


def _encode_jpeg(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return file.getvalue()


def _data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
