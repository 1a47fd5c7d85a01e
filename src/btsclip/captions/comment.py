"""A viewer's comment as a card: who wrote it and what, on a rounded panel.

The text is somebody else's: it is made drawable where that changes no meaning, and cut with an
ellipsis where it is too long, rather than set too small to be read.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial

from btsclip.captions import emoji
from btsclip.captions.ass_text import RIGHT_TO_LEFT, direction_mark
from btsclip.captions.fonts import font, ink_extent, split_by_font, text_width
from btsclip.captions.layout import Block, has_signs, spacing_of
from btsclip.captions.lines import clean_line
from btsclip.captions.safezones import safe_box
from btsclip.captions.timing import reading_seconds
from btsclip.captions.wrap import breakable, clusters, wrap_text
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption, Clip, Comment
from btsclip.presets.schema import CommentStyle, Preset, TextStyle

# A comment is set smaller in these steps before it is cut.
SHRINK = (1.0, 0.92, 0.85)
# In ems: the name's size, from the panel's edge to what is on it, between the round picture and the
# texts, and that picture's width.
NAME, PADDING, GAP, AVATAR = 0.78, 0.62, 0.55, 2.1
# In widths of the round picture: the em of its letter.
LETTER = 0.52
# Radius of the panel's corners in ems.
ROUNDING = 0.75
# Seconds to notice a card before reading it, and the least it is shown.
ARRIVAL, SHORTEST = 0.8, 2.0
# Marks that one letter may bear: more are a joke that reaches into the next line.
MOST_MARKS = 2
# What would turn the order of the letters around it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
ELLIPSIS = "…"


@dataclass(frozen=True)
class CommentCard:
    """A comment ready to draw, in pixels: the panel as a `block` without lines, the round
    picture's middle and radius (None without an author), its letter, and the lines of text, each as
    a block of its own. `colour` is the round picture's."""

    comment: Comment
    style: CommentStyle
    block: Block
    avatar: tuple[float, float, float] | None
    colour: str
    texts: tuple[Block, ...]
    radius: float


@dataclass(frozen=True)
class _Lines:
    """The comment's lines in the size they are set in, and the author's name."""

    name: str
    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: float


def comment_of(text: str, author: str, style: CommentStyle, seconds: float) -> Comment:
    """The comment at its style's time in a clip of `seconds`, shown for as long as reading takes
    unless the style says otherwise or the clip ends."""
    need = max(
        SHORTEST, ARRIVAL + reading_seconds(f"{clean_line(author)} {clean_line(text)}".strip())
    )
    start = max(0.0, min(style.start, seconds - (style.seconds or need)))
    end = min(seconds, start + (style.seconds or need))
    return Comment(text=text, author=author, start=round(start, 3), end=round(end, 3))


def card_of(clip: Clip, preset: Preset) -> CommentCard | None:
    """The card of the clip's comment, if it has one. Raises as set_comment does."""
    return set_comment(clip.comment, preset) if clip.comment else None


def set_comment(comment: Comment, preset: Preset) -> CommentCard:
    """Sets `comment` on its card inside the safe box.

    Raises CaptionError for a text with characters that no font has or with nothing to draw, and for
    a card that is higher than the safe box.
    """
    style = preset.captions.comment_style
    font(style.font)
    text, author = _drawable(comment.text, style), _name(comment.author, style)
    if not has_signs(text):
        raise CaptionError(f"comment {comment.text!r}", "has nothing to draw", "take it out")
    left, _, right, _ = safe_box(preset.output)
    lines = _fitted(text, author, right - left, preset)
    return _placed(comment, text, author, lines, preset)


def _fitted(text: str, author: str, room: float, preset: Preset) -> _Lines:
    """The text in the largest size that takes no more lines than the style allows, else cut."""
    style = preset.captions.comment_style
    for shrink in SHRINK:
        size = style.size * preset.output.height * shrink
        found = _wrapped(text, _room(room, size, bool(author)), size, style)
        if found and len(found) <= style.lines:
            break
    else:
        found = _cut(text, _room(room, size, bool(author)), size, style)
    name = _shortened(author, _room(room, size, True), NAME * size, style) if author else ""
    return _Lines(name, found, tuple(text_width(line, style.font, size) for line in found), size)


def _room(room: float, size: float, author: bool) -> float:
    """Pixels for the texts in a panel `room` pixels wide."""
    return room - (2 * PADDING + (AVATAR + GAP if author else 0.0)) * size


def _wrapped(text: str, room: float, size: float, style: CommentStyle) -> tuple[str, ...]:
    return wrap_text(text, room, partial(text_width, family=style.font, size=size))


def _cut(text: str, room: float, size: float, style: CommentStyle) -> tuple[str, ...]:
    """The lines of as much of `text` as fits, at a word where that is not too far back."""

    def fits(beginning: str) -> bool:
        return 0 < len(_wrapped(beginning, room, size, style)) <= style.lines

    letters = clusters(text)
    most = bisect_left(
        range(1, len(letters)), True, key=lambda n: not fits(_ended("".join(letters[:n])))
    )
    kept = "".join(letters[:most])
    words = breakable(kept)
    whole = "".join(words[:-1])
    if len(whole) > 0.8 * len(kept):
        kept = whole
    return _wrapped(_ended(kept), room, size, style)


def _ended(text: str) -> str:
    return text.rstrip(" \u00a0,;:.-–—…") + ELLIPSIS


def _shortened(name: str, room: float, size: float, style: CommentStyle) -> str:
    """`name` on one line, cut where it is too long."""
    if text_width(name, style.font, size) <= room:
        return name
    letters = clusters(name)
    while letters and text_width("".join(letters) + ELLIPSIS, style.font, size) > room:
        letters.pop()
    return "".join(letters).rstrip() + ELLIPSIS


def _placed(comment: Comment, text: str, author: str, set_: _Lines, preset: Preset) -> CommentCard:
    """The card with its texts where they stand; mirrored where the text runs from the right."""
    style, size = preset.captions.comment_style, set_.size
    look = _text_style(style, style.colour)
    rows = spacing_of(look, set_.lines, size, preset)
    name = spacing_of(look, [set_.name], NAME * size, preset) if set_.name else None
    name_height = name.above + name.below if name else 0.0
    body = name_height + rows.above + (len(set_.lines) - 1) * rows.leading + rows.below
    padding, round_ = PADDING * size, AVATAR * size if set_.name else 0.0
    name_width = text_width(set_.name, style.font, NAME * size) if set_.name else 0.0
    beside = round_ + GAP * size if set_.name else 0.0
    width = 2 * padding + beside + max(name_width, *set_.widths)
    height = 2 * padding + max(body, round_)
    x, y = _spot(comment, width, height, preset)
    backwards = direction_mark(text) == RIGHT_TO_LEFT
    edge = x + width / 2 - padding - beside if backwards else x - width / 2 + padding + beside
    shown = partial(_block, comment=comment)
    top = y + padding + max(0.0, round_ - body) / 2
    texts = []
    if name:
        texts.append(
            shown(set_.name, author, name_width, NAME * size, edge, top, name.above, backwards,
                  style=_text_style(style, style.author))
        )  # fmt: skip
    for row, (line, wide) in enumerate(zip(set_.lines, set_.widths, strict=True)):
        at = top + name_height + row * rows.leading
        texts.append(shown(line, text, wide, size, edge, at, rows.above, backwards, style=look))
    avatar = None
    if set_.name:
        middle = x + (1 if backwards else -1) * (width / 2 - padding - round_ / 2)
        avatar = middle, y + padding + round_ / 2, round_ / 2
        texts.append(_letter(comment, author, avatar, style))
    panel = Block(
        Caption(text=text, start=comment.start, end=comment.end), look, (), (), size, x, y, width,
        height, 0.0, 0.0,
    )  # fmt: skip
    shade = style.avatars[zlib.crc32(author.encode()) % len(style.avatars)]
    return CommentCard(comment, style, panel, avatar, shade, tuple(texts), ROUNDING * size)


def _spot(comment: Comment, width: float, height: float, preset: Preset) -> tuple[float, float]:
    """The panel's top middle. Raises CaptionError when it is too high."""
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
    return (left + right) / 2, float(y)


def _block(
    line: str,
    text: str,
    width: float,
    size: float,
    edge: float,
    top: float,
    baseline: float,
    backwards: bool,
    *,
    comment: Comment,
    style: TextStyle,
) -> Block:
    """One line that begins at `edge`; `text` is all of what it is a part of, and says which way it
    runs. On a mirrored card a name in Latin letters ends at the edge."""
    x = edge - width / 2 if backwards else edge + width / 2
    caption = Caption(text=text, start=comment.start, end=comment.end)
    return Block(
        caption, style, (line,), (width,), size, x, top, width, baseline, baseline, baseline
    )


def _letter(
    comment: Comment, author: str, avatar: tuple[float, float, float], style: CommentStyle
) -> Block:
    """The first letter of the author's name in the middle of the round picture."""
    x, y, radius = avatar
    letter, size = _initial(author), LETTER * 2 * radius
    above, below = ink_extent(letter, style.font, size)
    if emoji.is_emoji(letter) or not above + below:
        metrics = font(style.font)
        above, below = metrics.capital / metrics.em * size, 0.0
    middle = y + (above - below) / 2
    block = _block(
        letter, letter, text_width(letter, style.font, size), size, x, middle - size, size, False,
        comment=comment, style=_text_style(style, style.initial),
    )  # fmt: skip
    return replace(block, x=x)


def _initial(author: str) -> str:
    """The first letter or figure of a name, else its first emoji or sign."""
    pieces = emoji.pieces(author)
    letters = [piece for piece in pieces if piece.isalnum() and not emoji.is_emoji(piece)]
    signs = [piece for piece in pieces if piece.strip() and has_signs(piece)]
    first = (letters or signs)[0]
    return first.upper() if len(first.upper()) == 1 else first


def _text_style(style: CommentStyle, colour: str) -> TextStyle:
    return TextStyle(
        font=style.font, colour=colour, outline=colour, outline_width=0.0, shadow=0.0,
        fade=style.fade, size=style.size,
    )  # fmt: skip


def _drawable(text: str, style: CommentStyle) -> str:
    """`text` on one line without what turns its order or piles up, fancy letters made plain."""
    text = clean_line(TURNING.sub("", text))
    text = "".join(_with_few_marks(cluster) for cluster in clusters(text))
    if _missing(text, style):
        text = "".join(_plain(piece, style) for piece in emoji.pieces(text))
    split_by_font(text, style.font)
    return text


def _name(author: str, style: CommentStyle) -> str:
    """The author's name without what no font has: nobody asked for just these signs."""
    text = clean_line(TURNING.sub("", author))
    plain = []
    for piece in emoji.pieces("".join(_with_few_marks(each) for each in clusters(text))):
        piece = _plain(piece, style)
        plain.append("" if _missing(piece, style) else piece)
    name = clean_line("".join(plain))
    return name if has_signs(name) else ""


def _plain(piece: str, style: CommentStyle) -> str:
    """A character that no font has as the plain letter it stands for; nothing for a mark."""
    if not _missing(piece, style):
        return piece
    mark = unicodedata.category(piece[0]) in ("Mn", "Me")
    return "" if mark else unicodedata.normalize("NFKC", piece)


def _missing(text: str, style: CommentStyle) -> bool:
    try:
        split_by_font(text, style.font)
    except CaptionError:
        return True
    return False


def _with_few_marks(cluster: str) -> str:
    kept, marks = "", 0
    for character in cluster:
        marks += unicodedata.category(character) in ("Mn", "Me")
        if marks <= MOST_MARKS or unicodedata.category(character) not in ("Mn", "Me"):
            kept += character
    return kept
