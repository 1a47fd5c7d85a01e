"""Laid-out captions to an ASS document, the form in which libass draws them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from btsclip.captions import digits, effects
from btsclip.captions.effects import Turn
from btsclip.captions.endcard import with_card
from btsclip.captions.fonts import EMOJI, font, split_by_font, text_width
from btsclip.captions.layout import BOX_SIDE, Block, arrange
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption, Clip
from btsclip.presets.schema import Preset

if TYPE_CHECKING:
    import pysubs2

# ASS border style: outline and shadow.
OUTLINE = 1
MIDDLE, TOP_LEFT, TOP_CENTRE = 5, 7, 8
# "Font encoding" -1: libass finds out by itself whether a line runs from right to left.
BY_CONTENT = -1
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
# Boxes lie below all texts, so that no line's box covers another line.
BOX_LAYER, TEXT_LAYER = 0, 1
# Drawings count in parts of a pixel, 2 to the power of this minus one.
GAP_SCALE = 4
GAP_PARTS = 2 ** (GAP_SCALE - 1)
# In ems; more than a dot stands aside of its letter.
LINE_END = 0.5
SHADOW_COLOUR = "#00000080"
# Radius of a box's corners in ems.
ROUNDING = 0.16


def ass_for(clip: Clip, preset: Preset) -> str | None:
    """The clip's texts and its end card's as an ASS document, without its stickers; None when it
    has none.

    Emoji are left as gaps for the pictures of overlays_for.

    Times count from the clip's start. Raises CaptionError for a text that does not fit, has
    characters that no font has, or would never be seen.
    """
    for caption in clip.captions:
        _check_time(caption, clip.seconds_shown, preset.output.fps)
    blocks = arrange(with_card(clip, preset), preset)
    if not blocks:
        return None
    import pysubs2

    document = pysubs2.SSAFile()
    document.info.update(
        PlayResX=str(preset.output.width),
        PlayResY=str(preset.output.height),
        ScaledBorderAndShadow="yes",
        WrapStyle="2",
        Kerning="yes",
        # Colours are meant as they are; else ffmpeg 8 and later takes them for old DVDs' colours.
        **{"YCbCr Matrix": "None"},
    )
    document.styles.clear()
    for number, block in enumerate(blocks):
        name = f"{block.caption.role}{number}"
        document.styles[name] = _style(block, preset)
        if block.style.box:
            document.events.append(_box_event(block, name, clip.seconds_in_all))
        document.events.extend(_line_events(block, name, clip.seconds_in_all))
    return document.to_string("ass")


def escape(text: str) -> str:
    """`text` with nothing in it that libass would take for a command.

    ASS knows no escape for a backslash; a word joiner after it breaks the command and is not seen.
    """
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _check_time(caption: Caption, duration: float, fps: int) -> None:
    if min(caption.end, duration) - caption.start < 1 / fps:
        late = caption.start > duration - 1 / fps
        raise CaptionError(
            f"caption {caption.text!r}",
            f"starts at {caption.start:g} s, its clip ends at {duration:g} s"
            if late
            else f"is shown for less than a frame, from {caption.start:g} to {caption.end:g} s",
            "start it earlier" if late else "end it later",
        )


def _style(block: Block, preset: Preset) -> pysubs2.SSAStyle:
    import pysubs2

    style, height = block.style, preset.output.height
    boxed = style.box is not None
    return pysubs2.SSAStyle(
        fontname=font(style.font).name,
        fontsize=round(font(style.font).ass_size(block.size), 2),
        primarycolor=_colour(style.accent if style.effect == "karaoke" else style.colour),
        # Words are in this colour until karaoke fills them.
        secondarycolor=_colour(style.colour),
        outlinecolor=_colour(style.outline),
        backcolor=_colour(SHADOW_COLOUR),
        bold=False,
        borderstyle=OUTLINE,
        outline=0 if boxed else round(style.outline_width * height, 2),
        shadow=0 if boxed else round(style.shadow * height, 2),
        alignment=pysubs2.Alignment(TOP_CENTRE),
        encoding=BY_CONTENT,
        marginl=0,
        marginr=0,
        marginv=0,
    )


def _line_events(block: Block, name: str, duration: float) -> list[pysubs2.SSAEvent]:
    """One event a line, so that lines stand a set distance apart whatever their fonts are."""
    events = []
    for row, (line, turns) in enumerate(zip(block.lines, effects.turns_of(block), strict=True)):
        y = block.y + block.baseline + row * block.leading - _ascent(line, block)
        drawn = [(effects.place_tag(block.x, y, block), _line_text(line, turns, block))]
        if block.style.effect == "pop" and effects.runs_left_to_right(line):
            drawn = _lifted_words(turns, block, block.widths[row], y)
        elif block.caption.role == "clock":
            drawn = _cells(line, block, block.widths[row], y)
        events += [_event(block, name, duration, TEXT_LAYER, *each) for each in drawn]
    return events


def _line_text(line: str, turns: list[Turn], block: Block) -> str:
    """The text of a line with its effect's commands.

    libass takes the places of the outermost glyphs for a line's ends, and in Arabic these may be
    dots that stand aside of their letter: such a line would be drawn off its middle. So gaps of one
    width begin and end each line that may hold such letters.
    """
    mark = direction_mark(block.caption.text)
    end = _gap(LINE_END * block.size, mark) if mark else ""
    begin = _first_font(line, block) + end

    def escaped(text: str) -> str:
        return _with_fonts(text, block, always=True)

    if block.style.effect == "karaoke":
        return begin + effects.karaoke(turns, escaped) + end
    if block.style.effect == "typewriter":
        return begin + effects.typewriter(turns, escaped) + end
    if block.style.effect == "pop":
        colours = _bgr(block.style.colour), _bgr(block.style.accent)
        words = [(effects.lifted(turn, *colours, grows=False), turn.text) for turn in turns]
        said = (f"{{\\1c{colours[0]}{tags}}}{escaped(text)}" for tags, text in words)
        return begin + "".join(said) + end
    return begin + _with_fonts(line, block, always=bool(begin)) + end


def _lifted_words(turns: list[Turn], block: Block, width: float, y: float) -> list[tuple[str, str]]:
    """Each word of a line as a drawing of its own about its own middle, so that a word that grows
    moves no other."""
    drawn, before = [], ""
    for turn in turns:
        word = turn.text.rstrip()
        left = text_width(before, block.style.font, block.size) if before else 0.0
        half = text_width(word, block.style.font, block.size) / 2 if word else 0.0
        # Words are set about their middle in height, too: they grow evenly.
        x = block.x - width / 2 + left + half
        tags = f"\\an{MIDDLE}\\pos({x:.1f},{y + _height(word, block) / 2:.1f})"
        colours = _bgr(block.style.colour), _bgr(block.style.accent)
        tags += effects.lifted(turn, *colours, grows=True)
        drawn.append((tags, _with_fonts(word, block)))
        before += turn.text
    return drawn


def _cells(line: str, block: Block, width: float, y: float) -> list[tuple[str, str]]:
    """Each digit of a line, and what is between them, as a drawing of its own."""
    left = block.x - width / 2
    first = _first_font(line, block)
    return [
        (effects.place_tag(left + cell.x, y, block), first + _with_fonts(cell.text, block))
        for cell in digits.cells(line, block.style.font, block.size)
    ]


def _box_event(block: Block, name: str, duration: float) -> pysubs2.SSAEvent:
    """One drawing of a rounded box behind each line, so that a clear colour stays even."""
    colour = _colour(block.style.box or "")
    radius = ROUNDING * block.size
    halves = _box_halves(block, 2 * radius)
    path = []
    for row, half in enumerate(halves):
        top = block.y + row * block.leading
        bottom = block.y + block.height - (len(halves) - 1 - row) * block.leading
        # Corners between two lines are hidden inside the wider one.
        if row and halves[row - 1] >= half:
            top -= radius
        if row + 1 < len(halves) and halves[row + 1] >= half:
            bottom += radius
        path.append(_rounded(block.x - half, top, block.x + half, bottom, radius))
    tags = (
        f"\\an{TOP_LEFT}{effects.place_tag(0, 0, block)}\\p1"
        f"\\1c&H{colour.b:02X}{colour.g:02X}{colour.r:02X}&\\1a&H{colour.a:02X}&"
    )
    return _event(block, name, duration, BOX_LAYER, tags, " ".join(path))


def _box_halves(block: Block, least: float) -> list[float]:
    """Half of each line's box's width; lines that differ by less than `least` get the wider one,
    since a step smaller than its corners looks like a fault."""
    halves = [width / 2 + BOX_SIDE * block.size for width in block.widths]
    for _ in halves:
        for i in range(len(halves) - 1):
            if abs(halves[i] - halves[i + 1]) < least:
                halves[i] = halves[i + 1] = max(halves[i], halves[i + 1])
    return halves


def _event(
    block: Block, name: str, duration: float, layer: int, tags: str, text: str
) -> pysubs2.SSAEvent:
    import pysubs2

    start, end = block.caption.start, min(block.caption.end, duration)
    fade = round(min(block.style.fade, (end - start) / 3) * 1000)
    return pysubs2.SSAEvent(
        start=round(start * 1000),
        end=round(end * 1000),
        layer=layer,
        style=name,
        text=f"{{{tags}\\fad({fade},{fade})}}{text}",
    )


def _rounded(left: float, top: float, right: float, bottom: float, radius: float) -> str:
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


def direction_mark(text: str) -> str:
    """What to begin each line of `text` with, so that all of them run as the whole text does.

    Nothing for a text that is wholly from left to right.
    """
    strong = [unicodedata.bidirectional(c) for c in text]
    strong = [direction for direction in strong if direction in ("L", "R", "AL")]
    if not strong or set(strong) == {"L"}:
        return ""
    return LEFT_TO_RIGHT if strong[0] == "L" else RIGHT_TO_LEFT


def _ascent(line: str, block: Block) -> float:
    """Pixels from the top of the line as libass sets it to its baseline."""
    runs = split_by_font(line, block.style.font)
    return max(run_font.ascent / run_font.em for run_font, _ in runs) * block.size


def _height(line: str, block: Block) -> float:
    """Pixels from the top to the bottom of the line as libass sets it."""
    runs = split_by_font(line, block.style.font)
    descent = max(run_font.descent / run_font.em for run_font, _ in runs) * block.size
    return _ascent(line, block) + descent


def _first_font(line: str, block: Block) -> str:
    """Names the line's first font where it is not the style's: even signs that are not seen, such
    as direction marks, give a line the height of their font."""
    fonts = (run_font for run_font, _ in split_by_font(line, block.style.font))
    first = next((run_font for run_font in fonts if run_font is not EMOJI), None)
    if first is None or first.family == block.style.font:
        return ""
    return f"{{\\fn{first.name}\\fs{first.ass_size(block.size):.2f}}}"


def _with_fonts(line: str, block: Block, always: bool = False) -> str:
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


def _gap(width: float, mark: str) -> str:
    """A drawing of no height, which leaves `width` pixels free.

    Between direction marks, so that it stands in the line where the text before it ends, whichever
    way its neighbours run.
    """
    drawing = f"m 0 0 l {round(width * GAP_PARTS)} 0"
    return f"{mark}{{\\bord0\\p{GAP_SCALE}}}{drawing}{{\\p0\\bord}}{mark}"


def _bgr(text: str) -> str:
    """#RRGGBB as ASS commands write colours."""
    colour = _colour(text)
    return f"&H{colour.b:02X}{colour.g:02X}{colour.r:02X}&"


def _colour(text: str) -> pysubs2.Color:
    """#RRGGBB or #RRGGBBAA; ASS counts alpha from opaque (0) on."""
    import pysubs2

    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    alpha = 255 - int(text[7:9], 16) if len(text) == 9 else 0
    return pysubs2.Color(red, green, blue, alpha)
