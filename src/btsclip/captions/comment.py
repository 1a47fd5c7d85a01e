"""A viewer's comment as a card: its author and its text on a rounded panel.

The words are the viewer's own. The text is made drawable without a change of meaning, and cut with
an ellipsis where it is too long to be set in a readable size.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial

from btsclip.captions import emoji
from btsclip.captions.ass_text import RIGHT_TO_LEFT, direction_mark
from btsclip.captions.comment_text import drawable_name, drawable_text, initial
from btsclip.captions.fonts import font, ink_extent, text_width
from btsclip.captions.layout import (
    Block,
    Rectangle,
    clear_height,
    has_signs,
    mark_blocks,
    spacing_of,
)
from btsclip.captions.lines import breakable, clean_line, clusters, wrap_text
from btsclip.captions.safezones import safe_box
from btsclip.captions.timing import reading_seconds
from btsclip.errors import CaptionError
from btsclip.plan import Caption, Clip, Comment
from btsclip.presets import CommentStyle, Preset, TextStyle

# A comment is set smaller in these steps before it is cut.
SHRINK_STEPS = (1.0, 0.92, 0.85)
# In ems: the size of the name, the padding inside the panel, the gap between the avatar and the
# texts, and the diameter of the avatar.
NAME_SIZE = 0.78
PADDING = 0.62
AVATAR_GAP = 0.55
AVATAR_DIAMETER = 2.1
# The em of the avatar's letter, as a share of its diameter.
AVATAR_LETTER = 0.52
# In ems: the radius of the panel's corners, and how far the card rises.
CORNER_RADIUS = 0.75
RISE = 0.5
MAX_RISE_SECONDS = 0.3
# Seconds to notice a card before reading it.
NOTICE_SECONDS = 0.8
MIN_SECONDS = 2.0
# A text is cut at a word if that keeps this share of the characters that fit.
MIN_KEPT = 0.8
ELLIPSIS = "…"


@dataclass(frozen=True)
class CommentCard:
    """A comment ready to draw, in pixels.

    `block` is the panel, a block without lines. `avatar` is the center (x, y) and the radius of the
    author's round picture, None without an author, and `color` its color. `texts` are the name, the
    lines and the avatar's letter, each a block of its own. `radius` is that of the panel's corners.
    """

    comment: Comment
    style: CommentStyle
    block: Block
    avatar: tuple[float, float, float] | None
    color: str
    texts: tuple[Block, ...]
    radius: float

    @property
    def rise(self) -> tuple[float, float]:
        """Pixels that the card rises when it appears, and the seconds it takes."""
        seconds = self.comment.end - self.comment.start
        return RISE * self.block.size, min(MAX_RISE_SECONDS, seconds / 3)


@dataclass(frozen=True)
class _FittedText:
    """The author's name and the lines of the comment, with their widths and their em in pixels."""

    name: str
    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: float


def comment_of(text: str, author: str, style: CommentStyle, seconds: float) -> Comment:
    """The comment at its style's time in a clip of `seconds`.

    It is shown for the style's seconds, or else for the time it takes to read, until the clip ends.
    """
    full_text = f"{clean_line(author)} {clean_line(text)}".strip()
    need = max(MIN_SECONDS, NOTICE_SECONDS + reading_seconds(full_text))
    start = max(0.0, min(style.start, seconds - (style.seconds or need)))
    end = min(seconds, start + (style.seconds or need))
    return Comment(text=text, author=author, start=round(start, 3), end=round(end, 3))


def card_of(clip: Clip, preset: Preset) -> CommentCard | None:
    """The card of the clip's comment, None without one. Raises as `set_comment` does."""
    return set_comment(clip.comment, preset) if clip.comment else None


def set_comment(comment: Comment, preset: Preset) -> CommentCard:
    """Lay out `comment` on a card inside the safe box.

    Raises CaptionError for a text with characters that no font has or with nothing to draw, and for
    a card that is larger than the safe box.
    """
    style = preset.captions.comment_style
    font(style.font)
    text, author = drawable_text(comment.text, style), drawable_name(comment.author, style)
    if not has_signs(text):
        raise CaptionError(f"comment {comment.text!r}", "has nothing to draw", "take it out")
    left, _, right, _ = safe_box(preset.output)
    fitted = _fit(text, author, right - left, preset)
    return _build_card(comment, text, author, fitted, preset)


def _fit(text: str, author: str, panel_width: float, preset: Preset) -> _FittedText:
    """The text in the largest size that takes no more lines than the style allows, or else cut."""
    style = preset.captions.comment_style
    for shrink in SHRINK_STEPS:
        size = style.size * preset.output.height * shrink
        lines = _wrap(text, _room(panel_width, size, bool(author)), size, style)
        if lines and len(lines) <= style.lines:
            break
    else:
        lines = _cut_lines(text, _room(panel_width, size, bool(author)), size, style)
    name = ""
    if author:
        name = _shorten_name(author, _room(panel_width, size, True), NAME_SIZE * size, style)
    widths = tuple(text_width(line, style.font, size) for line in lines)
    return _FittedText(name, lines, widths, size)


def _room(panel_width: float, size: float, has_author: bool) -> float:
    """The width in pixels for texts in a panel of `panel_width` pixels."""
    return (
        panel_width - (2 * PADDING + (AVATAR_DIAMETER + AVATAR_GAP if has_author else 0.0)) * size
    )


def _wrap(text: str, room: float, size: float, style: CommentStyle) -> tuple[str, ...]:
    return wrap_text(text, room, partial(text_width, family=style.font, size=size))


def _cut_lines(text: str, room: float, size: float, style: CommentStyle) -> tuple[str, ...]:
    """The lines of the longest beginning of `text` that fits, cut at a word if one is near."""

    def fits(beginning: str) -> bool:
        return 0 < len(_wrap(beginning, room, size, style)) <= style.lines

    letters = clusters(text)
    max_letters = bisect_left(
        range(1, len(letters)), True, key=lambda n: not fits(_add_ellipsis("".join(letters[:n])))
    )
    kept = "".join(letters[:max_letters])
    whole_words = "".join(breakable(kept)[:-1])
    if len(whole_words) > MIN_KEPT * len(kept):
        kept = whole_words
    return _wrap(_add_ellipsis(kept), room, size, style)


def _add_ellipsis(text: str) -> str:
    return text.rstrip(" \u00a0,;:.-–—…") + ELLIPSIS


def _shorten_name(name: str, room: float, size: float, style: CommentStyle) -> str:
    """`name` on one line, cut where it is too long."""
    if text_width(name, style.font, size) <= room:
        return name
    letters = clusters(name)
    while letters and text_width("".join(letters) + ELLIPSIS, style.font, size) > room:
        letters.pop()
    return "".join(letters).rstrip() + ELLIPSIS


def _build_card(
    comment: Comment, text: str, author: str, fitted: _FittedText, preset: Preset
) -> CommentCard:
    """The card with its texts in place, mirrored where the text runs from right to left."""
    style, size = preset.captions.comment_style, fitted.size
    look = _text_style(style, style.colour)
    rows = spacing_of(look, fitted.lines, size, preset)
    name = spacing_of(look, [fitted.name], NAME_SIZE * size, preset) if fitted.name else None
    name_height = name.above + name.below if name else 0.0
    text_height = name_height + rows.above + (len(fitted.lines) - 1) * rows.leading + rows.below
    padding, diameter = PADDING * size, AVATAR_DIAMETER * size if fitted.name else 0.0
    name_width = text_width(fitted.name, style.font, NAME_SIZE * size) if fitted.name else 0.0
    indent = diameter + AVATAR_GAP * size if fitted.name else 0.0
    width = 2 * padding + indent + max(name_width, *fitted.widths)
    height = 2 * padding + max(text_height, diameter)
    x, y = _panel_position(comment, width, height, preset)
    is_mirrored = direction_mark(text) == RIGHT_TO_LEFT
    edge = x + width / 2 - padding - indent if is_mirrored else x - width / 2 + padding + indent
    line_block = partial(_line_block, comment=comment)
    top = y + padding + max(0.0, diameter - text_height) / 2
    texts = []
    if name:
        texts.append(
            line_block(fitted.name, author, name_width, NAME_SIZE * size, edge, top, name.above,
                       is_mirrored, style=_text_style(style, style.author))
        )  # fmt: skip
    for row, (line, line_width) in enumerate(zip(fitted.lines, fitted.widths, strict=True)):
        row_top = top + name_height + row * rows.leading
        texts.append(
            line_block(line, text, line_width, size, edge, row_top, rows.above, is_mirrored,
                       style=look)
        )  # fmt: skip
    avatar = None
    if fitted.name:
        center = x + (1 if is_mirrored else -1) * (width / 2 - padding - diameter / 2)
        avatar = center, y + padding + diameter / 2, diameter / 2
        texts.append(_letter_block(comment, author, avatar, style))
    panel = Block(
        Caption(text=text, start=comment.start, end=comment.end), look, (), (), size, x, y, width,
        height, 0.0, 0.0,
    )  # fmt: skip
    color = style.avatars[zlib.crc32(author.encode()) % len(style.avatars)]
    return CommentCard(comment, style, panel, avatar, color, tuple(texts), CORNER_RADIUS * size)


def _panel_position(
    comment: Comment, width: float, height: float, preset: Preset
) -> tuple[float, float]:
    """The panel's top center. Raises CaptionError for a panel larger than the safe box."""
    left, top, right, bottom = safe_box(preset.output)
    if height > bottom - top or width > right - left + 1:
        raise CaptionError(
            f"comment {comment.text!r}",
            "is larger than the safe box",
            "choose a smaller size in the preset's comment_style",
        )
    place = preset.captions.comment_style.place
    y = {"top": top, "middle": (top + bottom - height) / 2, "bottom": bottom - height}[place]
    if comment.y is not None:
        y = min(max(comment.y * preset.output.height - height / 2, top), bottom - height)
    return (left + right) / 2, _clear_of_mark(float(y), width, height, preset)


def _clear_of_mark(y: float, width: float, height: float, preset: Preset) -> float:
    """The top of a panel at `y`, moved above or below the watermark if it would cover it."""
    left, top, right, bottom = safe_box(preset.output)
    panel, marks = Rectangle((left + right) / 2, y, width, height), mark_blocks(preset)
    tops = [clear_height(panel, marks, preset, up=up) for up in (True, False)]
    clear = [at for at in tops if top <= at <= bottom - height]
    return min(clear, key=lambda at: abs(at - y), default=y)


def _line_block(
    line: str,
    text: str,
    width: float,
    size: float,
    edge: float,
    top: float,
    baseline: float,
    is_mirrored: bool,
    *,
    comment: Comment,
    style: TextStyle,
) -> Block:
    """One line of `text`, whose direction it has, beginning at `edge`.

    On a mirrored card every line ends at the edge on the right, even a name in Latin letters.
    """
    x = edge - width / 2 if is_mirrored else edge + width / 2
    caption = Caption(text=text, start=comment.start, end=comment.end)
    return Block(
        caption, style, (line,), (width,), size, x, top, width, baseline, baseline, baseline
    )


def _letter_block(
    comment: Comment, author: str, avatar: tuple[float, float, float], style: CommentStyle
) -> Block:
    """The first letter of the author's name in the middle of the avatar."""
    x, y, radius = avatar
    letter, size = initial(author), AVATAR_LETTER * 2 * radius
    above, below = ink_extent(letter, style.font, size)
    if emoji.is_emoji(letter) or not above + below:
        metrics = font(style.font)
        above, below = metrics.capital / metrics.em * size, 0.0
    baseline_y = y + (above - below) / 2
    block = _line_block(
        letter, letter, text_width(letter, style.font, size), size, x, baseline_y - size, size,
        False, comment=comment, style=_text_style(style, style.initial),
    )  # fmt: skip
    return replace(block, x=x)


def _text_style(style: CommentStyle, color: str) -> TextStyle:
    return TextStyle(
        font=style.font, colour=color, outline=color, outline_width=0.0, shadow=0.0,
        fade=style.fade, size=style.size,
    )  # fmt: skip
