"""A drawing as one SVG file that needs nothing else: fonts and pictures are inside it."""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from btsclip.pictures.lettering import FAMILIES, clean, family_of, font_of
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
# Generic families come last: they have what the shipped ones lack, emoji for one.
STACK = ", ".join([*(f"'{name}'" for name in FAMILIES), "sans-serif"])

Element = ElementTree.Element


def to_svg(drawing: Drawing) -> bytes:
    """`drawing` as an SVG document in UTF-8."""
    ElementTree.register_namespace("", NAMESPACE)
    size = {"width": str(drawing.width), "height": str(drawing.height)}
    box = f"0 0 {drawing.width} {drawing.height}"
    label = {"role": "img", "aria-label": clean(drawing.title)}
    root = Element(_tag("svg"), {**size, "viewBox": box, **label})
    ElementTree.SubElement(root, _tag("style")).text = _style(drawing.shapes)
    # A ground of its own keeps the picture readable in viewers that are dark.
    _add(root, "rect", width="100%", height="100%", fill=drawing.ground)
    for shape in drawing.shapes:
        _draw(root, shape)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _draw(root: Element, shape: Shape) -> None:
    match shape:
        case Rect():
            _rect(root, shape)
        case Area():
            path = f"M{_joined(shape.points)}Z"
            _add(root, "path", d=path, fill=shape.fill, fill_opacity=_unless(shape.opacity, 1))
        case Line():
            _add(
                root, "path", d=f"M{_joined(shape.points)}", fill="none",
                stroke=shape.stroke, stroke_width=shape.width, stroke_linejoin="round",
                stroke_opacity=_unless(shape.opacity, 1), pointer_events="none",
            )  # fmt: skip
        case Strokes():
            path = "".join(f"M{_n(x)} {_n(top)}V{_n(bottom)}" for x, top, bottom in shape.strokes)
            _add(
                root, "path", d=path, fill="none",
                stroke=shape.stroke, stroke_width=shape.width,
                stroke_opacity=_unless(shape.opacity, 1), pointer_events="none",
                stroke_dasharray=" ".join(map(_n, shape.dash)) if shape.dash else None,
            )  # fmt: skip
        case TextLine():
            _add(
                root, "text", x=shape.x, y=shape.y, font_size=shape.size, fill=shape.fill,
                text_anchor=None if shape.anchor == "start" else shape.anchor,
            ).text = clean(shape.text)  # fmt: skip
        case Picture():
            _add(
                root, "image", x=shape.x, y=shape.y, width=shape.width, height=shape.height,
                preserveAspectRatio="none", href=_data("image/jpeg", _jpeg(shape.pixels)),
            )  # fmt: skip


def _rect(root: Element, rect: Rect) -> None:
    element = _add(
        root, "rect", x=rect.x, y=rect.y, width=rect.width, height=rect.height,
        fill=rect.fill or "none", fill_opacity=_unless(rect.opacity, 1),
        stroke=rect.stroke, stroke_width=rect.stroke_width if rect.stroke else None,
        rx=_unless(rect.radius, 0),
    )  # fmt: skip
    kind, _, name = rect.name.partition(" ")
    if kind:
        element.set("class", kind)
        element.set("data-id", clean(name))
    if rect.tip:
        ElementTree.SubElement(element, _tag("title")).text = clean(rect.tip)


def _add(root: Element, tag: str, **attributes: Any) -> Element:
    """A child of `root`; attributes that are None are left out."""
    given = {
        name if name == "preserveAspectRatio" else name.replace("_", "-"): (
            value if isinstance(value, str) else _n(value)
        )
        for name, value in attributes.items()
        if value is not None
    }
    return ElementTree.SubElement(root, _tag(tag), given)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _unless(value: float, usual: float) -> float | None:
    return None if value == usual else value


def _n(value: float) -> str:
    """A number with two places at most: a hundredth of a pixel is not seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _joined(points: Iterable[Point]) -> str:
    return "L".join(f"{_n(round(x, 1))} {_n(round(y, 1))}" for x, y in points)


def _style(shapes: Iterable[Shape]) -> str:
    """The shipped fonts, each with no more characters than the drawing's text needs."""
    texts = [clean(shape.text) for shape in shapes if isinstance(shape, TextLine)]
    used = sorted(set(itertools.chain(*texts)))
    faces = [
        f"@font-face{{font-family:'{family}';font-weight:700;src:url({data})}}"
        for family in FAMILIES
        if (letters := "".join(c for c in used if family_of(c) == family))
        for data in [_data("font/woff", _subset(family, letters))]
    ]
    return "".join([*faces, f"text{{font-family:{STACK};font-weight:700;white-space:pre}}"])


def _subset(family: str, letters: str) -> bytes:
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, desubroutinize=True)
    font = subset.load_font(str(font_of(family).path), options)
    cut = subset.Subsetter(options)
    cut.populate(text=letters)
    cut.subset(font)
    file = io.BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()


def _jpeg(pixels: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return file.getvalue()


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
