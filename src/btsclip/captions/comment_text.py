"""The text and the author of a viewer's comment, made drawable."""

from __future__ import annotations

import re
import unicodedata

from btsclip.captions import emoji
from btsclip.captions.fonts import split_by_font
from btsclip.captions.layout import has_signs
from btsclip.captions.lines import clean_line, clusters
from btsclip.errors import CaptionError
from btsclip.presets import CommentStyle

# A letter keeps this many combining marks: more are a joke and reach into the next line.
MAX_MARKS = 2
# Characters that change the direction of the letters around them.
DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def drawable_text(text: str, style: CommentStyle) -> str:
    """`text` on one line, without direction controls and piled-up marks, and with plain letters
    for decorative ones that no font has.

    Raises CaptionError naming the characters that no font has.
    """
    text = clean_line(DIRECTION_CONTROLS.sub("", text))
    text = "".join(_limit_marks(cluster) for cluster in clusters(text))
    if _is_missing(text, style):
        text = "".join(_plain_letter(piece, style) for piece in emoji.pieces(text))
    split_by_font(text, style.font)
    return text


def drawable_name(author: str, style: CommentStyle) -> str:
    """The author's name without characters that no font has, which are no error in a name."""
    text = clean_line(DIRECTION_CONTROLS.sub("", author))
    kept = []
    for piece in emoji.pieces("".join(_limit_marks(cluster) for cluster in clusters(text))):
        piece = _plain_letter(piece, style)
        kept.append("" if _is_missing(piece, style) else piece)
    name = clean_line("".join(kept))
    return name if has_signs(name) else ""


def initial(author: str) -> str:
    """The first letter or digit of a name, in upper case, or else its first emoji or sign."""
    pieces = emoji.pieces(author)
    letters = [piece for piece in pieces if piece.isalnum() and not emoji.is_emoji(piece)]
    signs = [piece for piece in pieces if piece.strip() and has_signs(piece)]
    first = (letters or signs)[0]
    return first.upper() if len(first.upper()) == 1 else first


def _plain_letter(piece: str, style: CommentStyle) -> str:
    """The plain letter for a character that no font has; empty for a combining mark."""
    if not _is_missing(piece, style):
        return piece
    return "" if _is_mark(piece[0]) else unicodedata.normalize("NFKC", piece)


def _is_missing(text: str, style: CommentStyle) -> bool:
    try:
        split_by_font(text, style.font)
    except CaptionError:
        return True
    return False


def _limit_marks(cluster: str) -> str:
    kept, marks = "", 0
    for character in cluster:
        marks += _is_mark(character)
        if marks <= MAX_MARKS or not _is_mark(character):
            kept += character
    return kept


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")
