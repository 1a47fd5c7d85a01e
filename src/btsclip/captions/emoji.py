"""Color emoji: their places in a text, and their pictures. libass can't draw them."""

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
# An emoji's advance in units of the font, and its width in a text, in ems of the text.
ADVANCE = 2550
WIDTH = 1.15
# The size of the font's pictures in pixels.
STRIKE_WIDTH = 136
STRIKE_HEIGHT = 128

AS_TEXT = "\ufe0e"
AS_PICTURE = "\ufe0f"
JOINER = "\u200d"
KEYCAP = "\u20e3"
FLAG_LETTER = "[\U0001f1e6-\U0001f1ff]"
SKIN_TONE = "[\U0001f3fb-\U0001f3ff]"
TAGS = "[\U000e0020-\U000e007e]+\U000e007f"
# Unicode's emoji ZWJ element, which begins with any character but the special ones above.
ELEMENT = f"(?!{FLAG_LETTER})[^\\s\u200d\ufe0e\ufe0f](?:{AS_PICTURE}|{SKIN_TONE})?(?:{TAGS})?"
SEQUENCE = re.compile(
    f"{FLAG_LETTER}{{2}}|[0-9#*]{AS_PICTURE}?{KEYCAP}|{ELEMENT}(?:{JOINER}{ELEMENT})*", re.S
)
# Wide characters in this range are East Asian text, although some systems draw them as emoji.
EAST_ASIAN = range(0x3000, 0x3400)


def pieces(text: str) -> list[str]:
    """`text` cut into emoji, each with its modifiers and joined parts, and single characters.

    >>> pieces("a👍🏽b")
    ['a', '👍🏽', 'b']
    """
    parts, index = [], 0
    while index < len(text):
        match = SEQUENCE.match(text, index)
        piece = match.group() if match else text[index]
        # A joiner between letters, as in Persian, belongs to the letters.
        if not is_emoji(piece):
            piece = text[index]
        parts.append(piece)
        index += len(piece)
    return parts


@lru_cache(maxsize=4096)
def is_emoji(piece: str) -> bool:
    """Whether `piece` is drawn as a picture.

    True for an emoji by itself, and for a character with a picture selector, a skin tone, a joiner,
    a second flag letter or a keycap. False for © and ™ alone, and for a character with a text
    selector.
    """
    first = piece[0]
    if AS_TEXT in piece or not first.strip():
        return False
    if KEYCAP in piece[1:] or re.fullmatch(f"{FLAG_LETTER}+", piece):
        return True
    if ord(first) not in _characters() or first in "#*0123456789":
        return False
    return len(piece) > 1 or _is_picture_alone(first)


@lru_cache(maxsize=4096)
def may_be_emoji(character: str) -> bool:
    """Whether a text character also has a picture, for use when no other font has it."""
    return ord(character[0]) in _characters() and picture(character) is not None


def _is_picture_alone(character: str) -> bool:
    """Unicode's Emoji_Presentation: emoji that are wide (UAX #11), except CJK symbols."""
    is_wide = unicodedata.east_asian_width(character) == "W"
    return is_wide and ord(character) not in EAST_ASIAN


@lru_cache(maxsize=256)
def picture(cluster: str) -> bytes | None:
    """The PNG file of one emoji, STRIKE_WIDTH x STRIKE_HEIGHT; None when the font has no picture
    of exactly this emoji."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    font = _font()
    uharfbuzz.shape(font, buffer)
    glyphs = [info.codepoint for info in buffer.glyph_infos]
    if len(glyphs) != 1 or not glyphs[0]:
        return None
    png = font.get_glyph_color_png(glyphs[0])
    return bytes(png.data) if png and len(png) else None


def draw_emoji(cluster: str, height: float) -> Image.Image:
    """An emoji as an RGBA picture of `height` pixels. Raises ToolError when the font lacks it."""
    from PIL import Image

    data = picture(cluster)
    if data is None:
        raise ToolError(FILE, f"has no picture of {cluster}", "leave it out")
    with Image.open(io.BytesIO(data)) as strike:
        size = round(height * STRIKE_WIDTH / STRIKE_HEIGHT), round(height)
        # A palette can't be resized smoothly, and the colors of clear pixels must not bleed.
        premultiplied = strike.convert("RGBA").convert("RGBa")
        drawn: Image.Image = premultiplied.resize(size, Image.Resampling.LANCZOS).convert("RGBA")
        return drawn


def emoji_png(picture: Image.Image) -> bytes:
    """`picture` as a PNG file; fast rather than small, since it is read once."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Characters that may begin an emoji. Raises ToolError when the font is missing."""
    from fontTools.ttLib import TTFont

    if not FILE.is_file():
        raise ToolError(FILE, "the emoji are missing", "reinstall btsclip")
    with TTFont(FILE, lazy=True) as file:
        characters = frozenset(file.getBestCmap())
    # The font's controls, tags and private characters only combine with others.
    return frozenset(
        c for c in characters if unicodedata.category(chr(c)) not in ("Cc", "Cf", "Co")
    )


@lru_cache(maxsize=1)
def _font() -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(FILE)))
