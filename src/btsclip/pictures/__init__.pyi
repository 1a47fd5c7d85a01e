from . import palette as palette
from .lettering import shorten as shorten, text_width as text_width
from .shapes import (
    Drawing as Drawing,
    Line as Line,
    Rect as Rect,
    Shape as Shape,
    Strokes as Strokes,
    TextLine as TextLine,
)
from .svg import to_svg as to_svg
from .write import check_paths as check_paths, draw_and_write as draw_and_write
