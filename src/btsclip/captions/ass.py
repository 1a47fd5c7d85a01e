"""The texts of a clip as an ASS document, which libass draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btsclip.captions import effects
from btsclip.captions.ass_text import (
    MIDDLE,
    TOP_LEFT,
    ascent,
    bgr,
    faded_event,
    fill_tags,
    first_font,
    line_height,
    line_text,
    parse_color,
    rounded_box,
    text_style,
    with_fonts,
)
from btsclip.captions.clock import digit_cells
from btsclip.captions.comment import CommentCard, card_of
from btsclip.captions.effects import WordTiming
from btsclip.captions.fonts import text_width
from btsclip.captions.layout import BOX_SIDE, Block, layout_captions
from btsclip.captions.text import captions_with_end_card
from btsclip.captions.word_boxes import word_box_events
from btsclip.errors import CaptionError
from btsclip.plan import Caption, Clip, Comment
from btsclip.presets import Preset

if TYPE_CHECKING:
    import pysubs2

# Boxes are below all texts, so that no line's box covers another line.
BOX_LAYER = 0
WORD_BOX_LAYER = 1
TEXT_LAYER = 2
# A comment's card is above the captions.
CARD_SHADOW_LAYER = 3
CARD_PANEL_LAYER = 4
CARD_AVATAR_LAYER = 5
CARD_TEXT_LAYER = 6
# Seconds between two captions up to which one follows the other without a fade: text that goes and
# comes back flickers.
MAX_JOINT = 0.02
SHADOW_COLOR = "#00000080"
CARD_SHADOW_COLOR = "#00000059"
# In ems: the radius of a box's corners, the offset of a card's shadow and its blur.
CORNER_RADIUS = 0.16
CARD_SHADOW = 0.12
CARD_SHADOW_BLUR = 0.3


def ass_for(clip: Clip, preset: Preset) -> str | None:
    """The clip's captions, comment and end card text as an ASS document; None without any.

    Stickers are not part of it. Emoji are gaps for the pictures of `overlays_for`. Times count
    from the clip's start.

    Raises CaptionError for a text that does not fit, has characters that no font has, or would
    never be visible.
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
        # Keep the colors as given; ffmpeg 8 and later would convert them as from old DVDs.
        **{"YCbCr Matrix": "None"},
    )
    document.styles.clear()
    for number, block in enumerate(blocks):
        name = f"{block.caption.role}{number}"
        document.styles[name] = _style(block, preset)
        hard = _hard_ends(block, blocks)
        if block.style.box:
            document.events.append(_box_event(block, name, clip.seconds_in_all, hard))
        document.events.extend(_line_events(block, name, clip.seconds_in_all, hard))
    if card:
        document.styles.update(_card_styles(card))
        document.events.extend(_card_events(card, clip.seconds_shown))
    return document.to_string("ass")


def _check_time(caption: Caption | Comment, clip_seconds: float, fps: int) -> None:
    if min(caption.end, clip_seconds) - caption.start < 1 / fps:
        is_late = caption.start > clip_seconds - 1 / fps
        raise CaptionError(
            f"{type(caption).__name__.lower()} {caption.text!r}",
            f"starts at {caption.start:g} s, but its clip ends at {clip_seconds:g} s"
            if is_late
            else f"is shown for less than a frame, from {caption.start:g} to {caption.end:g} s",
            "start it earlier" if is_late else "end it later",
        )


def _style(block: Block, preset: Preset) -> pysubs2.SSAStyle:
    style, height = block.style, preset.output.height
    is_boxed = style.box is not None
    return text_style(
        block,
        primarycolor=parse_color(style.accent if style.effect == "karaoke" else style.colour),
        # The color of words until karaoke fills them.
        secondarycolor=parse_color(style.colour),
        outlinecolor=parse_color(style.outline),
        backcolor=parse_color(SHADOW_COLOR),
        outline=0 if is_boxed else round(style.outline_width * height, 2),
        shadow=0 if is_boxed else round(style.shadow * height, 2),
    )


def _hard_ends(block: Block, blocks: list[Block]) -> tuple[bool, bool]:
    """Whether a text of the same style ends where `block` starts, and starts where it ends."""
    caption = block.caption
    others = [other.caption for other in blocks if other.caption.role == caption.role]
    return (
        any(abs(other.end - caption.start) <= MAX_JOINT for other in others),
        any(abs(other.start - caption.end) <= MAX_JOINT for other in others),
    )


def _line_events(
    block: Block, name: str, clip_seconds: float, hard: tuple[bool, bool]
) -> list[pysubs2.SSAEvent]:
    """One event per line, so that the distance between lines does not depend on their fonts; for
    the effect `highlight` also one per word, for its box."""
    is_highlight = effects.highlights(block)
    timed = effects.held_words(block) if is_highlight else effects.word_timings(block)
    events = []
    if is_highlight:
        events += word_box_events(
            block, timed, clip_seconds, hard, layer=WORD_BOX_LAYER, style=name
        )
    for row, (line, timings) in enumerate(zip(block.lines, timed, strict=True)):
        y = block.y + block.baseline + row * block.leading - ascent(line, block)
        drawings = [(effects.place_tag(block.x, y, block), line_text(line, timings, block))]
        if block.style.effect == "pop" and effects.runs_left_to_right(line):
            drawings = _growing_words(timings, block, block.widths[row], y)
        elif block.caption.role == "clock":
            drawings = _digit_cells(line, block, block.widths[row], y)
        events += [
            faded_event(
                block.caption, block.style.fade, clip_seconds, hard,
                layer=TEXT_LAYER, style=name, tags=tags, text=text,
            )
            for tags, text in drawings
        ]  # fmt: skip
    return events


def _growing_words(
    timings: list[WordTiming], block: Block, width: float, y: float
) -> list[tuple[str, str]]:
    """Each word of a line as a drawing around its own middle, so that a word that grows does not
    move the others: its tags and its text."""
    drawings, text_before = [], ""
    for timing in timings:
        word = timing.text.rstrip()
        left = text_width(text_before, block.style.font, block.size) if text_before else 0.0
        half = text_width(word, block.style.font, block.size) / 2 if word else 0.0
        # Words are centered vertically, too, so that they grow evenly.
        x = block.x - width / 2 + left + half
        tags = f"\\an{MIDDLE}\\pos({x:.1f},{y + line_height(word, block) / 2:.1f})"
        colors = bgr(block.style.colour), bgr(block.style.accent)
        tags += effects.highlight_word(timing, *colors, grows=True)
        drawings.append((tags, with_fonts(word, block)))
        text_before += timing.text
    return drawings


def _digit_cells(line: str, block: Block, width: float, y: float) -> list[tuple[str, str]]:
    """Each digit of a line, and each text between digits, as a drawing: its tags and its text."""
    left = block.x - width / 2
    begin = first_font(line, block)
    return [
        (effects.place_tag(left + cell.x, y, block), begin + with_fonts(cell.text, block))
        for cell in digit_cells(line, block.style.font, block.size)
    ]


def _box_event(
    block: Block, name: str, clip_seconds: float, hard: tuple[bool, bool]
) -> pysubs2.SSAEvent:
    """One drawing of the rounded boxes behind all lines, so that a translucent color is even."""
    radius = CORNER_RADIUS * block.size
    halves = _box_half_widths(block, 2 * radius)
    path = []
    for row, half in enumerate(halves):
        top = block.y + row * block.leading
        bottom = block.y + block.height - (len(halves) - 1 - row) * block.leading
        # The corners between two lines are hidden inside the wider box.
        if row and halves[row - 1] >= half:
            top -= radius
        if row + 1 < len(halves) and halves[row + 1] >= half:
            bottom += radius
        path.append(rounded_box(block.x - half, top, block.x + half, bottom, radius))
    fill = fill_tags(block.style.box or "")
    return faded_event(
        block.caption, block.style.fade, clip_seconds, hard, layer=BOX_LAYER, style=name,
        tags=f"\\an{TOP_LEFT}{effects.place_tag(0, 0, block)}\\p1{fill}", text=" ".join(path),
    )  # fmt: skip


def _box_half_widths(block: Block, min_step: float) -> list[float]:
    """Half the width of each line's box.

    Lines that differ by less than `min_step` get the wider box: a step smaller than its corners
    looks like a mistake.
    """
    halves = [width / 2 + BOX_SIDE * block.size for width in block.widths]
    for _ in halves:
        for i in range(len(halves) - 1):
            if abs(halves[i] - halves[i + 1]) < min_step:
                halves[i] = halves[i + 1] = max(halves[i], halves[i + 1])
    return halves


def _card_styles(card: CommentCard) -> dict[str, pysubs2.SSAStyle]:
    """The ASS styles of the card's texts by name."""
    styles = {}
    for number, block in enumerate(card.texts):
        color = parse_color(block.style.colour)
        styles[f"comment{number}"] = text_style(
            block, primarycolor=color, secondarycolor=color, outline=0, shadow=0
        )
    return styles


def _card_events(card: CommentCard, clip_seconds: float) -> list[pysubs2.SSAEvent]:
    """The card's shadow, panel, avatar and texts, which rise and fade in together."""

    def event(layer: int, style: str, tags: str, text: str) -> pysubs2.SSAEvent:
        return faded_event(
            card.comment, card.style.fade, clip_seconds,
            layer=layer, style=style, tags=tags, text=text,
        )  # fmt: skip

    def shape(
        layer: int, path: str, color: str, y: float = 0.0, blur: str = ""
    ) -> pysubs2.SSAEvent:
        tags = f"\\an{TOP_LEFT}{_rise_tag(0, y, card)}{blur}\\p1{fill_tags(color)}"
        return event(layer, "comment0", tags, path)

    block = card.block
    left, top = block.x - block.width / 2, block.y
    panel = rounded_box(left, top, left + block.width, top + block.height, card.radius)
    blur = f"\\blur{CARD_SHADOW_BLUR * block.size:.1f}"
    events = [
        shape(CARD_SHADOW_LAYER, panel, CARD_SHADOW_COLOR, CARD_SHADOW * block.size, blur),
        shape(CARD_PANEL_LAYER, panel, card.style.panel),
    ]
    if card.avatar:
        x, y, radius = card.avatar
        circle = rounded_box(x - radius, y - radius, x + radius, y + radius, radius)
        events.append(shape(CARD_AVATAR_LAYER, circle, card.color))
    for number, text in enumerate(card.texts):
        (line,), (timings,) = text.lines, effects.word_timings(text)
        tags = _rise_tag(text.x, text.y + text.baseline - ascent(line, text), card)
        line = line_text(line, timings, text)
        events.append(event(CARD_TEXT_LAYER, f"comment{number}", tags, line))
    return events


def _rise_tag(x: float, y: float, card: CommentCard) -> str:
    rise, seconds = card.rise
    return f"\\move({x:.1f},{y + rise:.1f},{x:.1f},{y:.1f},0,{round(seconds * 1000)})"
