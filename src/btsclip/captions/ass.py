"""Laid-out captions to an ASS document, the form in which libass draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btsclip.captions import digits, effects
from btsclip.captions.ass_text import (
    ascent,
    bgr,
    colour_of,
    first_font,
    line_height,
    line_text,
    rounded,
    with_fonts,
)
from btsclip.captions.comment import card_of
from btsclip.captions.comment_ass import card_events, card_styles
from btsclip.captions.effects import WordTiming
from btsclip.captions.endcard import captions_with_end_card
from btsclip.captions.fonts import font, text_width
from btsclip.captions.layout import BOX_SIDE, Block, layout_captions
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption, Clip, Comment
from btsclip.presets.schema import Preset

if TYPE_CHECKING:
    import pysubs2

# ASS border style: outline and shadow.
OUTLINE = 1
MIDDLE, TOP_LEFT, TOP_CENTRE = 5, 7, 8
# "Font encoding" -1: libass finds out by itself whether a line runs from right to left.
BY_CONTENT = -1
# Boxes lie below all texts, so that no line's box covers another line.
BOX_LAYER, TEXT_LAYER = 0, 1
SHADOW_COLOUR = "#00000080"
# Radius of a box's corners in ems.
ROUNDING = 0.16


def ass_for(clip: Clip, preset: Preset) -> str | None:
    """The clip's texts, its comment and its end card's text as an ASS document, without stickers;
    None when it has none.

    Emoji are left as gaps for the pictures of overlays_for.

    Times count from the clip's start. Raises CaptionError for a text that does not fit, has
    characters that no font has, or would never be seen.
    """
    for caption in clip.captions:
        _check_time(caption, clip.seconds_shown, preset.output.fps)
    card = card_of(clip, preset)
    if card:
        _check_time(card.comment, clip.seconds_shown, preset.output.fps)
    blocks = layout_captions(
        captions_with_end_card(clip, preset), preset, [card.block] if card else []
    )
    if not blocks and not card:
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
    if card:
        document.styles.update(card_styles(card))
        document.events.extend(card_events(card, clip.seconds_shown))
    return document.to_string("ass")


def _check_time(caption: Caption | Comment, duration: float, fps: int) -> None:
    if min(caption.end, duration) - caption.start < 1 / fps:
        late = caption.start > duration - 1 / fps
        raise CaptionError(
            f"{type(caption).__name__.lower()} {caption.text!r}",
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
        primarycolor=colour_of(style.accent if style.effect == "karaoke" else style.colour),
        # Words are in this colour until karaoke fills them.
        secondarycolor=colour_of(style.colour),
        outlinecolor=colour_of(style.outline),
        backcolor=colour_of(SHADOW_COLOUR),
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
    for row, (line, turns) in enumerate(zip(block.lines, effects.word_timings(block), strict=True)):
        y = block.y + block.baseline + row * block.leading - ascent(line, block)
        drawn = [(effects.place_tag(block.x, y, block), line_text(line, turns, block))]
        if block.style.effect == "pop" and effects.runs_left_to_right(line):
            drawn = _lifted_words(turns, block, block.widths[row], y)
        elif block.caption.role == "clock":
            drawn = _cells(line, block, block.widths[row], y)
        events += [_event(block, name, duration, TEXT_LAYER, *each) for each in drawn]
    return events


def _lifted_words(
    turns: list[WordTiming], block: Block, width: float, y: float
) -> list[tuple[str, str]]:
    """Each word of a line as a drawing of its own about its own middle, so that a word that grows
    moves no other."""
    drawn, before = [], ""
    for turn in turns:
        word = turn.text.rstrip()
        left = text_width(before, block.style.font, block.size) if before else 0.0
        half = text_width(word, block.style.font, block.size) / 2 if word else 0.0
        # Words are set about their middle in height, too: they grow evenly.
        x = block.x - width / 2 + left + half
        tags = f"\\an{MIDDLE}\\pos({x:.1f},{y + line_height(word, block) / 2:.1f})"
        colours = bgr(block.style.colour), bgr(block.style.accent)
        tags += effects.highlight_word(turn, *colours, grows=True)
        drawn.append((tags, with_fonts(word, block)))
        before += turn.text
    return drawn


def _cells(line: str, block: Block, width: float, y: float) -> list[tuple[str, str]]:
    """Each digit of a line, and what is between them, as a drawing of its own."""
    left = block.x - width / 2
    first = first_font(line, block)
    return [
        (effects.place_tag(left + cell.x, y, block), first + with_fonts(cell.text, block))
        for cell in digits.cells(line, block.style.font, block.size)
    ]


def _box_event(block: Block, name: str, duration: float) -> pysubs2.SSAEvent:
    """One drawing of a rounded box behind each line, so that a clear colour stays even."""
    colour = colour_of(block.style.box or "")
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
        path.append(rounded(block.x - half, top, block.x + half, bottom, radius))
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
