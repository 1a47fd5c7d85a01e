"""Lines of text, boxes, colors, styles and events in ASS notation."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from btsclip.captions import effects
from btsclip.captions.effects import WordTiming
from btsclip.captions.font_files import Font
from btsclip.captions.fonts import EMOJI, font, split_by_font
from btsclip.captions.layout import Block
from btsclip.plan import Caption, Comment

if TYPE_CHECKING:
    import pysubs2

LEFT_TO_RIGHT = "\u200e"
RIGHT_TO_LEFT = "\u200f"
# ASS border style: outline and shadow.
OUTLINE_AND_SHADOW = 1
# ASS alignments.
MIDDLE = 5
TOP_LEFT = 7
TOP_CENTER = 8
# "Font encoding" -1: libass finds the direction of each line in its text.
ENCODING_BY_CONTENT = -1
# The scale of a drawing: its unit is a pixel divided by 2 to the power of this minus one.
DRAWING_SCALE = 4
UNITS_PER_PIXEL = 2 ** (DRAWING_SCALE - 1)
# Width in ems of the gaps at a line's ends; dots reach less far beside their letter.
LINE_END_GAP = 0.5


def escape(text: str) -> str:
    r"""`text` without anything that libass would take for a command.

    ASS has no escape for a backslash. A word joiner after it breaks the command and is invisible.

    >>> escape("{salt}")
    '\\{salt\\}'
    """
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def line_text(line: str, timings: list[WordTiming], block: Block) -> str:
    """The text of a line with the commands of its effect.

    libass takes the outermost glyphs for the ends of a line. In Arabic these may be dots beside
    their letter, and such a line would be drawn off center. So a line that may hold such letters
    begins and ends with gaps of the same width.
    """
    mark = direction_mark(block.caption.text)
    end = _gap(LINE_END_GAP * block.size, mark) if mark else ""
    begin = first_font(line, block) + end

    def escaped(text: str) -> str:
        return with_fonts(text, block, always=True)

    if block.style.effect == "karaoke":
        return begin + effects.karaoke(timings, escaped) + end
    if block.style.effect == "typewriter":
        return begin + effects.typewriter(timings, escaped) + end
    if block.style.effect == "pop":
        colors = bgr(block.style.colour), bgr(block.style.accent)
        words = [
            (effects.highlight_word(word, *colors, grows=False), word.text) for word in timings
        ]
        parts = (f"{{\\1c{colors[0]}{tags}}}{escaped(text)}" for tags, text in words)
        return begin + "".join(parts) + end
    if effects.highlights(block):
        parts = (f"{{{_set_off(word, line, block)}}}{escaped(word.text)}" for word in timings)
        return begin + "".join(parts) + end
    return begin + with_fonts(line, block, always=bool(begin)) + end


def _set_off(word: WordTiming, line: str, block: Block) -> str:
    """The commands that set off a word of `line`. Words on a box have no outline; in a line that
    runs from right to left there is no box, so that the word takes its color."""
    style, clear = block.style, parse_color(block.style.outline).a
    is_boxed = style.accent_box is not None and effects.runs_left_to_right(line)
    color = style.accent if is_boxed else style.accent_box or style.accent
    edges = (clear, 255 if is_boxed else clear)
    return effects.set_off_word(word, (bgr(style.colour), bgr(color)), edges)


def with_fonts(line: str, block: Block, always: bool = False) -> str:
    """`line`, escaped, with commands that name the font and size wherever the font changes, and
    with `always` at its beginning, too."""
    parts: list[str] = []
    for run_font, run in split_by_font(line, block.style.font):
        if run_font is EMOJI:
            parts.append(_gap(EMOJI.width(run, block.size), direction_mark(block.caption.text)))
            continue
        tag = ""
        if always or parts or run_font.family != block.style.font:
            tag = _font_tag(run_font, block)
        parts.append(tag + escape(run))
    return "".join(parts)


def first_font(line: str, block: Block) -> str:
    """The command for the line's first font, empty if it is the font of the style.

    Even invisible characters, such as direction marks, give a line the height of their font.
    """
    fonts = (run_font for run_font, _ in split_by_font(line, block.style.font))
    first = next((run_font for run_font in fonts if run_font is not EMOJI), None)
    if first is None or first.family == block.style.font:
        return ""
    return _font_tag(first, block)


def _font_tag(run_font: Font, block: Block) -> str:
    return f"{{\\fn{run_font.name}\\fs{run_font.ass_size(block.size):.2f}}}"


def _gap(width: float, mark: str) -> str:
    """A drawing without height that leaves `width` pixels free.

    The direction marks around it keep it where the text before it ends, in whichever direction
    the neighboring text runs.
    """
    drawing = f"m 0 0 l {round(width * UNITS_PER_PIXEL)} 0"
    return f"{mark}{{\\bord0\\p{DRAWING_SCALE}}}{drawing}{{\\p0\\bord}}{mark}"


def direction_mark(text: str) -> str:
    """The mark that begins each line of `text`, so that all lines run in the text's direction.

    Empty for a text that runs wholly from left to right.
    """
    strong = [unicodedata.bidirectional(c) for c in text]
    strong = [direction for direction in strong if direction in ("L", "R", "AL")]
    if not strong or set(strong) == {"L"}:
        return ""
    return LEFT_TO_RIGHT if strong[0] == "L" else RIGHT_TO_LEFT


def ascent(line: str, block: Block) -> float:
    """Pixels from the top of the line, as libass sets it, to its baseline."""
    runs = split_by_font(line, block.style.font)
    return max(run_font.ascent / run_font.em for run_font, _ in runs) * block.size


def line_height(line: str, block: Block) -> float:
    """Pixels from the top to the bottom of the line, as libass sets it."""
    runs = split_by_font(line, block.style.font)
    descent = max(run_font.descent / run_font.em for run_font, _ in runs) * block.size
    return ascent(line, block) + descent


def rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """ASS drawing commands for a box with round corners, in whole pixels."""
    x0, y0, x1, y1, r = (round(value) for value in (left, top, right, bottom, radius))
    # The handles of a Bezier arc are 0.55 of the radius along its tangents.
    k = round(r * 0.45)
    return (
        f"m {x0 + r} {y0} l {x1 - r} {y0} b {x1 - k} {y0} {x1} {y0 + k} {x1} {y0 + r} "
        f"l {x1} {y1 - r} b {x1} {y1 - k} {x1 - k} {y1} {x1 - r} {y1} "
        f"l {x0 + r} {y1} b {x0 + k} {y1} {x0} {y1 - k} {x0} {y1 - r} "
        f"l {x0} {y0 + r} b {x0} {y0 + k} {x0 + k} {y0} {x0 + r} {y0}"
    )


def bgr(color: str) -> str:
    """#RRGGBB in the notation of ASS commands."""
    parsed = parse_color(color)
    return f"&H{parsed.b:02X}{parsed.g:02X}{parsed.r:02X}&"


def fill_tags(color: str) -> str:
    """Commands that fill a drawing with #RRGGBB or #RRGGBBAA."""
    return f"\\1c{bgr(color)}\\1a&H{parse_color(color).a:02X}&"


def parse_color(color: str) -> pysubs2.Color:
    """#RRGGBB or #RRGGBBAA as a color of ASS, whose alpha is 0 when opaque."""
    import pysubs2

    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    alpha = 255 - int(color[7:9], 16) if len(color) == 9 else 0
    return pysubs2.Color(red, green, blue, alpha)


def text_style(block: Block, **look: Any) -> pysubs2.SSAStyle:
    """The ASS style of a block's text: its font, set about the top center, with the colors and
    widths of `look`."""
    import pysubs2

    block_font = font(block.style.font)
    return pysubs2.SSAStyle(
        fontname=block_font.name,
        fontsize=round(block_font.ass_size(block.size), 2),
        bold=False,
        borderstyle=OUTLINE_AND_SHADOW,
        alignment=pysubs2.Alignment(TOP_CENTER),
        encoding=ENCODING_BY_CONTENT,
        marginl=0,
        marginr=0,
        marginv=0,
        **look,
    )


def faded_event(
    caption: Caption | Comment,
    fade: float,
    clip_seconds: float,
    hard: tuple[bool, bool] = (False, False),
    *,
    layer: int,
    style: str,
    tags: str,
    text: str,
) -> pysubs2.SSAEvent:
    """An ASS event for the time of `caption`, up to the end of its clip.

    It fades in and out in `fade` seconds each, or in a third of its time if that is shorter, but
    not at a `hard` start or end.
    """
    import pysubs2

    start, end = caption.start, min(caption.end, clip_seconds)
    fade_ms = round(min(fade, (end - start) / 3) * 1000)
    return pysubs2.SSAEvent(
        start=round(start * 1000),
        end=round(end * 1000),
        layer=layer,
        style=style,
        text=f"{{{tags}\\fad({0 if hard[0] else fade_ms},{0 if hard[1] else fade_ms})}}{text}",
    )
