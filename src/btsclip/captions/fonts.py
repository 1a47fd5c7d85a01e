"""The fonts of captions: which font draws a character, and how wide a text is."""

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
# Tried in this order for characters that the chosen family does not have. "SC" has Han and kana,
# "KR" has Hangul, and both have their punctuation.
FALLBACKS = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans SC", "Noto Sans KR")
CURE = "leave them out, or add a font that has them with --font FILE"


@dataclass(frozen=True)
class Font:
    """A font family: its file and its characters, and in font units its em, its Windows ascent and
    descent, and the height of its capitals. libass finds it by `name`.
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
        """Width of `text` in pixels with an em of `size` pixels, shaped as in libass: by HarfBuzz,
        with kerning, joined letters and ligatures."""
        return advance(self.path, text) * size / self.em

    def ass_size(self, size: float) -> float:
        """The ASS font size for an em of `size` pixels.

        In libass, as in VSFilter, the size is the Windows ascent plus descent, whose share of the
        em differs from font to font.
        """
        return size * (self.ascent + self.descent) / self.em


# The font of gaps for color emoji, emoji.WIDTH wide and without height.
EMOJI = Font(
    "Noto Color Emoji", emoji.FILE, frozenset(), round(emoji.ADVANCE / emoji.WIDTH), 0, 0, 0, ""
)
# The fonts added for this process by own_fonts.use_font.
_added: dict[str, Font] = {}


@lru_cache(maxsize=1)
def shipped_fonts() -> dict[str, Font]:
    """All shipped fonts by family name. Raises ToolError when they are missing."""
    from fontTools.ttLib import TTFont

    fonts = {}
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as file:
            shipped = read_font(file, path)
        fonts[shipped.family] = shipped
    if not fonts:
        raise ToolError(FONTS, "the fonts are missing", "reinstall btsclip")
    return fonts


def read_font(file: TTFont, path: Path, name: str | None = None) -> Font:
    """The family and metrics of an open font file; libass finds it by `name`, or else by its
    family name."""
    family = str(file["name"].getDebugName(1))
    em, table = file["head"].unitsPerEm, file["OS/2"]
    # Very old fonts have no height of capitals.
    capital = getattr(table, "sCapHeight", 0) or round(0.7 * em)
    characters = frozenset(file.getBestCmap() or {})
    metrics = em, table.usWinAscent, table.usWinDescent, capital
    return Font(family, path, characters, *metrics, name or family)


def add_font(font: Font) -> None:
    """Add `font` under its family name and as the first fallback, for this process."""
    _added[font.family] = font
    _split.cache_clear()


def forget_added_fonts() -> None:
    """Keep only the shipped fonts."""
    _added.clear()
    _split.cache_clear()


def added_fonts() -> tuple[Font, ...]:
    """The fonts added to the shipped ones, in the order they were added."""
    return tuple(_added.values())


def known_fonts() -> dict[str, Font]:
    """All fonts by family name, added ones first; an added font replaces a shipped namesake."""
    return _added | {name: font for name, font in shipped_fonts().items() if name not in _added}


def font(family: str) -> Font:
    """The font of that family. Raises CaptionError for an unknown family."""
    fonts = known_fonts()
    if family not in fonts:
        families = ", ".join(sorted(fonts))
        raise CaptionError(
            family,
            "no such font family",
            f"use one of {families} in the preset, or add its file with --font FILE",
        )
    return fonts[family]


def split_by_font(text: str, family: str) -> tuple[tuple[Font, str], ...]:
    """`text` in runs, each with a font that has all its characters: `family` where possible. Each
    emoji is a run of its own, with EMOJI as its font.

    Raises CaptionError naming the characters that no font has.
    """
    return _split(text, family)


@lru_cache(maxsize=4096)
def _split(text: str, family: str) -> tuple[tuple[Font, str], ...]:
    fonts = known_fonts()
    names = dict.fromkeys([family, *_added, *(name for name in FALLBACKS if name in fonts)])
    choices = [font(name) for name in names]
    pieces = emoji.pieces(text)
    chosen = _choose_fonts(pieces, choices)
    missing = [
        piece
        for piece, chosen_font in zip(pieces, chosen, strict=True)
        if chosen_font is None and (emoji.is_emoji(piece) or not _is_invisible(piece))
    ]
    if missing:
        raise CaptionError(f"caption {text!r}", f"no font has {name_characters(missing)}", CURE)
    return _join_runs(pieces, chosen, choices[0])


def _join_runs(
    pieces: list[str], chosen: list[Font | None], default: Font
) -> tuple[tuple[Font, str], ...]:
    """Neighboring pieces of one font as one run; invisible ones go with their neighbors, or have
    the `default` font."""
    runs: list[tuple[Font, str]] = []
    pending = ""
    for piece, chosen_font in zip(pieces, chosen, strict=True):
        last = runs[-1][0] if runs else None
        if chosen_font is None and last in (None, EMOJI):
            # Wait for the next run: another font would change the line's height.
            pending += piece
        elif last is not None and last is not EMOJI and chosen_font in (None, last) and not pending:
            runs[-1] = (last, runs[-1][1] + piece)
        elif chosen_font is EMOJI or chosen_font is None:
            runs += [(default, pending)] * bool(pending) + [(EMOJI, piece)]
            pending = ""
        else:
            runs.append((chosen_font, pending + piece))
            pending = ""
    return (*runs, (default, pending)) if pending or not runs else tuple(runs)


def _choose_fonts(pieces: list[str], choices: list[Font]) -> list[Font | None]:
    """The font of each character or emoji; None for invisible characters and for those that no
    font has.

    A word has one font, the first with all its letters. Otherwise the Ω of a Greek word would come
    from a font that only has it as a unit. A sign has the font of the word next to it.
    """
    chosen: list[Font | None] = [None] * len(pieces)
    for word in _words(pieces):
        fitting = [f for f in choices if all(_has(f, pieces[i]) for i in word)]
        for i in word:
            chosen[i] = fitting[0] if fitting else _first_font(pieces[i], choices)
    for i, piece in enumerate(pieces):
        if emoji.is_emoji(piece):
            chosen[i] = EMOJI if emoji.picture(piece) else None
        elif chosen[i] is None and piece.isalnum():
            chosen[i] = _first_font(piece, choices)
    for i, piece in enumerate(pieces):
        if chosen[i] is None and not _is_invisible(piece) and not emoji.is_emoji(piece):
            before = next((f for f in reversed(chosen[:i]) if f is not None), None)
            after = chosen[i + 1] if i + 1 < len(pieces) else None
            is_opening = i == 0 or pieces[i - 1].isspace()
            neighbors = (after, before) if is_opening and not piece.isspace() else (before,)
            fitting = [f for f in neighbors if f is not None and _has(f, piece)]
            chosen[i] = fitting[0] if fitting else _first_font(piece, choices)
    return chosen


def _words(pieces: list[str]) -> list[list[int]]:
    """The indices of each word's letters and marks; a word ends where its script does."""
    from fontTools.unicodedata import script

    words: list[list[int]] = []
    last, word_script = -2, ""
    for i, piece in enumerate(pieces):
        if emoji.is_emoji(piece) or not (piece.isalpha() or unicodedata.category(piece)[0] == "M"):
            continue
        piece_script = script(piece)
        if last == i - 1 and piece_script in (word_script, "Zinh", "Zyyy"):
            words[-1].append(i)
        else:
            words.append([i])
            word_script = piece_script
        last = i
    return words


def _first_font(piece: str, choices: list[Font]) -> Font | None:
    """The first font that has a character; EMOJI for a text character that only has a picture,
    such as a pepper without a variation selector."""
    fitting = next((f for f in choices if _has(f, piece)), None)
    return fitting or (EMOJI if emoji.may_be_emoji(piece) else None)


def _has(font: Font, piece: str) -> bool:
    return font is not EMOJI and (_is_invisible(piece) or ord(piece) in font.characters)


def text_width(text: str, family: str, size: float) -> float:
    """Width of `text` in pixels with an em of `size` pixels, across all its fonts."""
    return sum(font.width(run, size) for font, run in split_by_font(text, family))


def ink_extent(text: str, family: str, size: float) -> tuple[float, float]:
    """Pixels that `text`, with an em of `size` pixels, reaches above and below its baseline."""
    above = below = 0.0
    for run_font, run in split_by_font(text, family):
        if run_font is not EMOJI:
            top, bottom = _vertical_extent(run_font.path, run)
            above = max(above, top * size / run_font.em)
            below = max(below, -bottom * size / run_font.em)
    return above, below


@lru_cache(maxsize=4096)
def advance(path: Path, text: str) -> int:
    """The advance of `text`, in one font and direction, in units of the font at `path`."""
    return sum(position.x_advance for position in _shape(path, text).glyph_positions)


@lru_cache(maxsize=4096)
def _vertical_extent(path: Path, text: str) -> tuple[int, int]:
    """The highest and lowest point of `text` relative to its baseline, in units of the font."""
    buffer, shaper = _shape(path, text), _shaper(path)
    tops, bottoms = [0], [0]
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        extents = shaper.get_glyph_extents(info.codepoint)
        if extents is not None:
            tops.append(position.y_offset + extents.y_bearing)
            bottoms.append(position.y_offset + extents.y_bearing + extents.height)
    return max(tops), min(bottoms)


def _shape(path: Path, text: str) -> uharfbuzz.Buffer:
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
    """The distinct characters with their code points, for an error message.

    >>> name_characters("ก")
    'ก (U+0E01)'
    """
    return ", ".join(
        f"{c} ({' '.join(f'U+{ord(part):04X}' for part in c)})" for c in dict.fromkeys(characters)
    )


def _is_invisible(character: str) -> bool:
    """Whether `character` is a joiner, a direction mark or a line break, which draw nothing."""
    return all(
        unicodedata.category(c) in ("Cc", "Cf") or 0xFE00 <= ord(c) <= 0xFE0F for c in character
    )
