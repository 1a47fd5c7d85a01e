"""Titles of Kdenlive: a small document with one text on a transparent picture."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from btsclip.exchange import mlt
from btsclip.exchange.timeline import Timeline, TimelineText
from btsclip.exchange.xml import add, allowed_text, root

# The height of a line in heights of its letters, about.
LINE_HEIGHT = 1.2
CENTERED = 4
BOLD = 75


# Kdenlive reports a font that is missing. Debian, Ubuntu and Fedora have this one.
FONT = "DejaVu Sans"


def title_document(text: TimelineText, row: int, timeline: Timeline) -> Element:
    """The title of a text on a row."""
    width, height = timeline.size
    lines, pixels = mlt.title_lines(text, timeline), mlt.title_pixels(timeline)
    box_height = round(len(lines) * pixels * LINE_HEIGHT)
    title = root(
        "kdenlivetitle", LC_NUMERIC="C", width=width, height=height, duration=text.frames,
        out=text.frames - 1,
    )  # fmt: skip
    item = add(title, "item", type="QGraphicsTextItem", **{"z-index": 0})
    position = add(item, "position", x=0, y=mlt.title_middle(row, timeline) - box_height // 2)
    add(position, "transform", "1,0,0,0,1,0,0,0,1")
    style: dict[str, str | int] = {
        "font": FONT, "font-pixel-size": pixels, "font-weight": BOLD, "font-italic": 0,
        "font-underline": 0, "font-color": "255,255,255,255",
        "font-outline": max(1, pixels // 18), "font-outline-color": "0,0,0,200",
        "letter-spacing": 0, "line-spacing": 0, "alignment": CENTERED, "box-width": width,
        "box-height": box_height, "shadow": "0;#64000000;3;3;3",
    }  # fmt: skip
    content = add(item, "content", None, **style)
    content.text = allowed_text("\n".join(lines))
    for name in ("startviewport", "endviewport"):
        add(title, name, rect=f"0,0,{width},{height}")
    add(title, "background", color="0,0,0,0")
    return title
