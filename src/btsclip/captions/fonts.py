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
def shipped_fonts() -> dict[str, Font]:
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


def forget_added_fonts() -> None:
    """Leaves only the shipped fonts."""
    _added.clear()
    _split.cache_clear()


def added_fonts() -> tuple[Font, ...]:
    """The fonts that were added to the shipped ones, the first one first."""
    return tuple(_added.values())


def known_fonts() -> dict[str, Font]:
    """All fonts by family name, added ones first; an added one goes before a shipped namesake."""
    return _added | {name: font for name, font in shipped_fonts().items() if name not in _added}


def font(family: str) -> Font:
    """The font of that family. Raises CaptionError when there is none."""
    fonts = known_fonts()
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
    fonts = known_fonts()
    names = dict.fromkeys([family, *_added, *(name for name in FALLBACKS if name in fonts)])
    choices = [font(name) for name in names]
    pieces = emoji.pieces(text)
    chosen = _chosen(pieces, choices)
    silent = [_is_silent(piece) and not emoji.is_emoji(piece) for piece in pieces]
    missing = [
        piece
        for piece, one, unseen in zip(pieces, chosen, silent, strict=True)
        if one is None and not unseen
    ]
    if missing:
        raise CaptionError(f"caption {text!r}", f"no font has {name_characters(missing)}", CURE)
    runs: list[tuple[Font, str]] = []
    leading = ""
    for piece, one in zip(pieces, chosen, strict=True):
        last = runs[-1][0] if runs else None
        if one is None and last in (None, EMOJI):
            # Goes with its neighbour: another font would change the line's height.
            leading += piece
        elif last is not None and last is not EMOJI and one in (None, last) and not leading:
            runs[-1] = (last, runs[-1][1] + piece)
        elif one is EMOJI or one is None:
            runs += [(choices[0], leading)] * bool(leading) + [(EMOJI, piece)]
            leading = ""
        else:
            runs.append((one, leading + piece))
            leading = ""
    return (*runs, (choices[0], leading)) if leading or not runs else tuple(runs)


def _chosen(pieces: list[str], choices: list[Font]) -> list[Font | None]:
    """The font of each character or emoji; None for what draws nothing and what no font has.

    A word is in one font, the first that has all of it: Greek would else have its Ω from a font
    that only has it as a unit. A sign goes with the word it stands at.
    """
    found: list[Font | None] = [None] * len(pieces)
    for word in _words(pieces):
        able = [f for f in choices if all(_has(f, pieces[i]) for i in word)]
        for i in word:
            found[i] = able[0] if able else _first(pieces[i], choices)
    for i, piece in enumerate(pieces):
        if emoji.is_emoji(piece):
            found[i] = EMOJI if emoji.picture(piece) else None
        elif found[i] is None and piece.isalnum():
            found[i] = _first(piece, choices)
    for i, piece in enumerate(pieces):
        if found[i] is None and not _is_silent(piece) and not emoji.is_emoji(piece):
            before = next((f for f in reversed(found[:i]) if f is not None), None)
            after = found[i + 1] if i + 1 < len(pieces) else None
            opens = i == 0 or pieces[i - 1].isspace()
            near = (after, before) if opens and not piece.isspace() else (before,)
            able = [f for f in near if f is not None and _has(f, piece)]
            found[i] = able[0] if able else _first(piece, choices)
    return found


def _words(pieces: list[str]) -> list[list[int]]:
    """The places of each word's letters and marks; a word ends where its script does."""
    from fontTools.unicodedata import script

    words: list[list[int]] = []
    last, written = -2, ""
    for i, piece in enumerate(pieces):
        if emoji.is_emoji(piece) or not (piece.isalpha() or unicodedata.category(piece)[0] == "M"):
            continue
        of = script(piece)
        if last == i - 1 and of in (written, "Zinh", "Zyyy"):
            words[-1].append(i)
        else:
            words.append([i])
            written = of
        last = i
    return words


def _first(piece: str, choices: list[Font]) -> Font | None:
    """The first font that has a character; EMOJI for one of text that only has a picture, such as
    a pepper without a variation selector."""
    able = next((f for f in choices if _has(f, piece)), None)
    return able or (EMOJI if emoji.may_be_emoji(piece) else None)


def _has(one: Font, piece: str) -> bool:
    return one is not EMOJI and (_is_silent(piece) or ord(piece) in one.characters)


def text_width(text: str, family: str, size: float) -> float:
    """Width in pixels of `text` with an em of `size`, each character in the font that has it."""
    return sum(font.width(run, size) for font, run in split_by_font(text, family))


def ink_extent(text: str, family: str, size: float) -> tuple[float, float]:
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
