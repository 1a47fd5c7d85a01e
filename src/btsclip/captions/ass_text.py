"""Lines, boxes and colours as ASS writes them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from btsclip.captions import effects
from btsclip.captions.effects import WordTiming
from btsclip.captions.fonts import EMOJI, split_by_font
from btsclip.captions.layout import Block

if TYPE_CHECKING:
    import pysubs2

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
# Drawings count in parts of a pixel, 2 to the power of this minus one.
GAP_SCALE = 4
GAP_PARTS = 2 ** (GAP_SCALE - 1)
# In ems; more than a dot stands aside of its letter.
LINE_END = 0.5


def escape(text: str) -> str:
    """`text` with nothing in it that libass would take for a command.

    ASS knows no escape for a backslash; a word joiner after it breaks the command and is not seen.
    """
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def line_text(line: str, turns: list[WordTiming], block: Block) -> str:
    """The text of a line with its effect's commands.

    libass takes the places of the outermost glyphs for a line's ends, and in Arabic these may be
    dots that stand aside of their letter: such a line would be drawn off its middle. So gaps of one
    width begin and end each line that may hold such letters.
    """
    mark = direction_mark(block.caption.text)
    end = _gap(LINE_END * block.size, mark) if mark else ""
    begin = first_font(line, block) + end

    def escaped(text: str) -> str:
        return with_fonts(text, block, always=True)

    if block.style.effect == "karaoke":
        return begin + effects.karaoke(turns, escaped) + end
    if block.style.effect == "typewriter":
        return begin + effects.typewriter(turns, escaped) + end
    if block.style.effect == "pop":
        colours = bgr(block.style.colour), bgr(block.style.accent)
        words = [(effects.highlight_word(turn, *colours, grows=False), turn.text) for turn in turns]
        said = (f"{{\\1c{colours[0]}{tags}}}{escaped(text)}" for tags, text in words)
        return begin + "".join(said) + end
    return begin + with_fonts(line, block, always=bool(begin)) + end


def with_fonts(line: str, block: Block, always: bool = False) -> str:
    """`line` escaped, with family and size named wherever the font changes, and if `always` at its
    beginning, too."""
    parts: list[str] = []
    for run_font, run in split_by_font(line, block.style.font):
        if run_font is EMOJI:
            parts.append(_gap(EMOJI.width(run, block.size), direction_mark(block.caption.text)))
            continue
        tag = ""
        if always or parts or run_font.family != block.style.font:
            tag = f"{{\\fn{run_font.name}\\fs{run_font.ass_size(block.size):.2f}}}"
        parts.append(tag + escape(run))
    return "".join(parts)


def first_font(line: str, block: Block) -> str:
    """Names the line's first font where it is not the style's: even signs that are not seen, such
    as direction marks, give a line the height of their font."""
    fonts = (run_font for run_font, _ in split_by_font(line, block.style.font))
    first = next((run_font for run_font in fonts if run_font is not EMOJI), None)
    if first is None or first.family == block.style.font:
        return ""
    return f"{{\\fn{first.name}\\fs{first.ass_size(block.size):.2f}}}"


def _gap(width: float, mark: str) -> str:
    """A drawing of no height, which leaves `width` pixels free.

    Between direction marks, so that it stands in the line where the text before it ends, whichever
    way its neighbours run.
    """
    drawing = f"m 0 0 l {round(width * GAP_PARTS)} 0"
    return f"{mark}{{\\bord0\\p{GAP_SCALE}}}{drawing}{{\\p0\\bord}}{mark}"


def direction_mark(text: str) -> str:
    """What to begin each line of `text` with, so that all of them run as the whole text does.

    Nothing for a text that is wholly from left to right.
    """
    strong = [unicodedata.bidirectional(c) for c in text]
    strong = [direction for direction in strong if direction in ("L", "R", "AL")]
    if not strong or set(strong) == {"L"}:
        return ""
    return LEFT_TO_RIGHT if strong[0] == "L" else RIGHT_TO_LEFT


def ascent(line: str, block: Block) -> float:
    """Pixels from the top of the line as libass sets it to its baseline."""
    runs = split_by_font(line, block.style.font)
    return max(run_font.ascent / run_font.em for run_font, _ in runs) * block.size


def line_height(line: str, block: Block) -> float:
    """Pixels from the top to the bottom of the line as libass sets it."""
    runs = split_by_font(line, block.style.font)
    descent = max(run_font.descent / run_font.em for run_font, _ in runs) * block.size
    return ascent(line, block) + descent


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """A box with round corners in ASS drawing commands, in whole pixels."""
    x0, y0, x1, y1, r = (round(value) for value in (left, top, right, bottom, radius))
    # A Bezier arc's handles lie 0.55 of the radius along its tangents.
    k = round(r * 0.45)
    return (
        f"m {x0 + r} {y0} l {x1 - r} {y0} b {x1 - k} {y0} {x1} {y0 + k} {x1} {y0 + r} "
        f"l {x1} {y1 - r} b {x1} {y1 - k} {x1 - k} {y1} {x1 - r} {y1} "
        f"l {x0 + r} {y1} b {x0 + k} {y1} {x0} {y1 - k} {x0} {y1 - r} "
        f"l {x0} {y0 + r} b {x0} {y0 + k} {x0 + k} {y0} {x0 + r} {y0}"
    )


def bgr(text: str) -> str:
    """#RRGGBB as ASS commands write colours."""
    colour = colour_of(text)
    return f"&H{colour.b:02X}{colour.g:02X}{colour.r:02X}&"


def colour_of(text: str) -> pysubs2.Color:
    """#RRGGBB or #RRGGBBAA; ASS counts alpha from opaque (0) on."""
    import pysubs2

    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    alpha = 255 - int(text[7:9], 16) if len(text) == 9 else 0
    return pysubs2.Color(red, green, blue, alpha)
