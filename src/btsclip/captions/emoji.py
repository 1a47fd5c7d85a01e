"""Colour emoji: where they are in a text, and their pictures. libass can't draw them."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import ToolError

if TYPE_CHECKING:
    import uharfbuzz
    from PIL import Image

FILE = Path(__file__).parent / "emoji" / "NotoColorEmoji.ttf"
# An emoji's advance in the font's units, and the width it takes in a text, in ems of the text.
ADVANCE, WIDTH = 2550, 1.15
# Width and height of the font's pictures in pixels.
STRIKE = (136, 128)

AS_TEXT, AS_PICTURE, JOINER = "\ufe0e", "\ufe0f", "\u200d"
FLAG_LETTER = "[\U0001f1e6-\U0001f1ff]"
SKIN = "[\U0001f3fb-\U0001f3ff]"
TAGS = "[\U000e0020-\U000e007e]+\U000e007f"
# What Unicode calls an emoji ZWJ element, begun by any character that is not a sign of the above.
ELEMENT = f"(?!{FLAG_LETTER})[^\\s\u200d\ufe0e\ufe0f](?:{AS_PICTURE}|{SKIN})?(?:{TAGS})?"
SEQUENCE = re.compile(
    f"{FLAG_LETTER}{{2}}|[0-9#*]{AS_PICTURE}?\u20e3|{ELEMENT}(?:{JOINER}{ELEMENT})*", re.S
)
# Wide characters of this range are East Asian text, however some systems draw them.
EAST_ASIAN = range(0x3000, 0x3400)


def pieces(text: str) -> list[str]:
    """`text` cut into emoji, each with all that belongs to it, and single characters."""
    found, at = [], 0
    while at < len(text):
        match = SEQUENCE.match(text, at)
        piece = match.group() if match else text[at]
        # A joiner between letters, as Persian has it, is theirs.
        if not is_emoji(piece):
            piece = text[at]
        found.append(piece)
        at += len(piece)
    return found


@lru_cache(maxsize=4096)
def is_emoji(piece: str) -> bool:
    """Whether `piece` is to be a picture: an emoji by itself, or one asked for by a selector, a
    skin tone, a joiner, two flag letters or a keycap. © and ™ alone are text, and so is all that
    a text selector follows."""
    first = piece[0]
    if AS_TEXT in piece or not first.strip():
        return False
    if "\u20e3" in piece[1:] or re.fullmatch(f"{FLAG_LETTER}+", piece):
        return True
    if ord(first) not in _characters() or first in "#*0123456789":
        return False
    return len(piece) > 1 or _is_picture_alone(first)


@lru_cache(maxsize=4096)
def may_be_emoji(character: str) -> bool:
    """Whether a character of text has a picture, too, for where no other font has it."""
    return ord(character[0]) in _characters() and picture(character) is not None


def _is_picture_alone(character: str) -> bool:
    """Unicode's Emoji_Presentation: the emoji that are wide (UAX #11), but for CJK symbols."""
    wide = unicodedata.east_asian_width(character) == "W"
    return wide and ord(character) not in EAST_ASIAN


@lru_cache(maxsize=256)
def picture(cluster: str) -> bytes | None:
    """The PNG of one emoji, STRIKE in size; None when the font has none that is just this one."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    font = _font()
    uharfbuzz.shape(font, buffer)
    glyphs = [info.codepoint for info in buffer.glyph_infos]
    if len(glyphs) != 1 or not glyphs[0]:
        return None
    found = font.get_glyph_color_png(glyphs[0])
    return bytes(found.data) if found and len(found) else None


def draw_emoji(cluster: str, height: float) -> Image.Image:
    """An emoji the font has as an RGBA picture of `height` pixels."""
    from PIL import Image

    data = picture(cluster)
    if data is None:
        raise ToolError(FILE, f"has no picture of {cluster}", "leave it out")
    with Image.open(io.BytesIO(data)) as strike:
        size = round(height * STRIKE[0] / STRIKE[1]), round(height)
        # A palette can't be resized smoothly, and colours of clear pixels must not bleed.
        clear = strike.convert("RGBA").convert("RGBa")
        made: Image.Image = clear.resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        return made


def emoji_png(picture: Image.Image) -> bytes:
    """`picture` as PNG; quickly, since it is read once."""
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=3)
    return written.getvalue()


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """What may begin an emoji. Raises ToolError when the font is missing."""
    from fontTools.ttLib import TTFont

    if not FILE.is_file():
        raise ToolError(FILE, "the emoji are missing", "reinstall btsclip")
    with TTFont(FILE, lazy=True) as file:
        every = frozenset(file.getBestCmap())
    # The controls, tags and private signs in it only help to make others.
    return frozenset(c for c in every if unicodedata.category(chr(c)) not in ("Cc", "Cf", "Co"))


@lru_cache(maxsize=1)
def _font() -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FILE)))
