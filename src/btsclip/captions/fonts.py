"""The fonts captions are drawn with: which one has a character, and how wide a text is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.captions import emoji
from btsclip.errors import CaptionError, ToolError

if TYPE_CHECKING:
    import uharfbuzz
    from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
# Tried in this order for characters that the asked-for family does not have. Han and kana lie in
# the first of the last two, Hangul in the other; both have their punctuation.
FALLBACKS = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans SC", "Noto Sans KR")
CURE = "leave them out, or add a font that has them by --font FILE"


@dataclass(frozen=True)
class Font:
    """One family: its file, the characters it has, its em, its Windows ascent and descent, and
    the height of capitals, all in font units. `name` is what libass finds it by.
    """

    family: str
    path: Path
    characters: frozenset[int]
    em: int
    ascent: int
    descent: int
    capital: int
    name: str

    def width(self, text: str, size: float) -> float:
        """Width of `text` in pixels with an em of `size` pixels, shaped as libass shapes it: with
        HarfBuzz, kerning, joined letters and ligatures."""
        return advance(self.path, text) * size / self.em

    def ass_size(self, size: float) -> float:
        """The ASS font size that makes the em `size` pixels.

        libass, like VSFilter, takes a size for the Windows ascent plus descent, which is another
        share of the em in every font.
        """
        return size * (self.ascent + self.descent) / self.em


# A gap for a colour emoji, as wide as emoji.WIDTH says and of no height of its own.
EMOJI = Font(
    "Noto Color Emoji", emoji.FILE, frozenset(), round(emoji.ADVANCE / emoji.WIDTH), 0, 0, 0, ""
)
# The fonts that were added for this run, see own_fonts.use_font.
_added: dict[str, Font] = {}


@lru_cache(maxsize=1)
def shipped() -> dict[str, Font]:
    """All shipped fonts by family name. Raises ToolError when there are none."""
    from fontTools.ttLib import TTFont

    fonts = {}
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as file:
            described = describe(file, path)
        fonts[described.family] = described
    if not fonts:
        raise ToolError(FONTS, "the fonts are missing", "reinstall btsclip")
    return fonts


def describe(file: TTFont, path: Path, name: str | None = None) -> Font:
    """The facts of an open font file; libass finds it by `name`, else by its family's."""
    family = str(file["name"].getDebugName(1))
    em, lines = file["head"].unitsPerEm, file["OS/2"]
    # Very old fonts do not say how high their capitals are.
    capital = getattr(lines, "sCapHeight", 0) or round(0.7 * em)
    characters = frozenset(file.getBestCmap() or {})
    metrics = em, lines.usWinAscent, lines.usWinDescent, capital
    return Font(family, path, characters, *metrics, name or family)


def add(added: Font) -> None:
    """Makes `added` known under its family's name and the first fallback, for this process."""
    _added[added.family] = added
    _split.cache_clear()


def forget_added() -> None:
    """Leaves only the shipped fonts."""
    _added.clear()
    _split.cache_clear()


def added() -> tuple[Font, ...]:
    """The fonts that were added to the shipped ones, the first one first."""
    return tuple(_added.values())


def known() -> dict[str, Font]:
    """All fonts by family name, added ones first; an added one goes before a shipped namesake."""
    return _added | {name: font for name, font in shipped().items() if name not in _added}


def font(family: str) -> Font:
    """The font of that family. Raises CaptionError when there is none."""
    fonts = known()
    if family not in fonts:
        raise CaptionError(
            family,
            "no such font family",
            f"use one of {', '.join(sorted(fonts))} in the preset, or add its file by --font FILE",
        )
    return fonts[family]


def split_by_font(text: str, family: str) -> tuple[tuple[Font, str], ...]:
    """`text` in runs, each with a font that has all its characters; `family` where it can. Each
    emoji is a run of its own, of EMOJI.

    Raises CaptionError naming the characters that no font has.
    """
    return _split(text, family)


@lru_cache(maxsize=4096)
def _split(text: str, family: str) -> tuple[tuple[Font, str], ...]:
    fonts = known()
    names = dict.fromkeys([family, *_added, *(name for name in FALLBACKS if name in fonts)])
    choices = [font(name) for name in names]
    runs: list[tuple[Font, str]] = []
    missing: list[str] = []
    leading = ""
    for piece in emoji.pieces(text):
        last = runs[-1][0] if runs else None
        if not emoji.is_emoji(piece) and _is_silent(piece):
            # Goes with its neighbour: another font would change the line's height.
            if last is None or last is EMOJI:
                leading += piece
            else:
                runs[-1] = (last, runs[-1][1] + piece)
            continue
        chosen = _choose(piece, choices, last)
        if chosen is None:
            missing.append(piece)
        elif chosen is last and last is not EMOJI and not leading:
            runs[-1] = (last, runs[-1][1] + piece)
        elif chosen is EMOJI and leading:
            runs += [(choices[0], leading), (EMOJI, piece)]
            leading = ""
        else:
            runs.append((chosen, leading + piece))
            leading = ""
    if missing:
        raise CaptionError(f"caption {text!r}", f"no font has {name_characters(missing)}", CURE)
    return (*runs, (choices[0], leading)) if leading or not runs else tuple(runs)


def _choose(piece: str, choices: list[Font], last: Font | None) -> Font | None:
    """The font that draws a character or emoji after a run in the font `last`."""
    if emoji.is_emoji(piece):
        return EMOJI if emoji.picture(piece) else None
    able = [f for f in choices if all(ord(c) in f.characters for c in piece if not _is_silent(c))]
    if not able:
        # Such as a pepper, which is text unless a variation selector says otherwise.
        return EMOJI if emoji.may_be(piece) else None
    # A blank or a comma goes with the run it stands in: Arabic would be torn apart else.
    neutral = not piece.isalnum() and last in able
    return last if neutral else able[0]


def text_width(text: str, family: str, size: float) -> float:
    """Width in pixels of `text` with an em of `size`, each character in the font that has it."""
    return sum(font.width(run, size) for font, run in split_by_font(text, family))


def ink(text: str, family: str, size: float) -> tuple[float, float]:
    """How far `text`, with an em of `size` pixels, reaches above and below its baseline."""
    above = below = 0.0
    for run_font, run in split_by_font(text, family):
        if run_font is not EMOJI:
            top, bottom = _reach(run_font.path, run)
            above = max(above, top * size / run_font.em)
            below = max(below, -bottom * size / run_font.em)
    return above, below


@lru_cache(maxsize=4096)
def advance(path: Path, text: str) -> int:
    """The advance of `text`, all of one font and direction, in units of the font at `path`."""
    return sum(position.x_advance for position in _shaped(path, text).glyph_positions)


@lru_cache(maxsize=4096)
def _reach(path: Path, text: str) -> tuple[int, int]:
    """The highest and lowest point of `text` over its baseline, in units of the font at `path`."""
    buffer, shaper = _shaped(path, text), _shaper(path)
    tops, bottoms = [0], [0]
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        drawn = shaper.get_glyph_extents(info.codepoint)
        if drawn is not None:
            tops.append(position.y_offset + drawn.y_bearing)
            bottoms.append(position.y_offset + drawn.y_bearing + drawn.height)
    return max(tops), min(bottoms)


def _shaped(path: Path, text: str) -> uharfbuzz.Buffer:
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_shaper(path), buffer)
    return buffer


@lru_cache(maxsize=32)
def _shaper(path: Path) -> uharfbuzz.Font:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path)))


def name_characters(characters: Iterable[str]) -> str:
    """Each distinct character with its code (or codes), for an error message."""
    return ", ".join(
        f"{c} ({' '.join(f'U+{ord(part):04X}' for part in c)})" for c in dict.fromkeys(characters)
    )


def _is_silent(character: str) -> bool:
    """Joiners, direction marks and line breaks draw nothing themselves."""
    return all(
        unicodedata.category(c) in ("Cc", "Cf") or 0xFE00 <= ord(c) <= 0xFE0F for c in character
    )
