"""The fonts of captions: which font draws a character, and how wide a text is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from btsclip.captions import emoji
from btsclip.captions.font_files import Font, open_font, read_font
from btsclip.captions.shaping import vertical_extent
from btsclip.errors import CaptionError, ToolError

FONTS = Path(__file__).parent / "fonts"
# Tried in this order for characters that the chosen family does not have. "SC" has Han and kana,
# "KR" has Hangul, and both have their punctuation.
FALLBACKS = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans SC", "Noto Sans KR")
CURE = "leave them out, or add a font that has them with --font FILE"
# libass finds added fonts by these names. They are safe from installed fonts of the same family,
# and from characters in a family name that are commands in ASS.
OWN_NAME = "btsclip own {}"
# The font of gaps for color emoji, emoji.WIDTH wide and without height.
EMOJI = Font(
    "Noto Color Emoji", emoji.FILE, frozenset(), round(emoji.ADVANCE / emoji.WIDTH), 0, 0, 0, ""
)
# The fonts added for this process, by their files.
_added: dict[Path, Font] = {}


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


def add_font(path: Path) -> Font:
    """Add the font in the file at `path`, under its family name and as the first fallback, for this
    process. Raises CaptionError as `open_font` does."""
    added = open_font(path, OWN_NAME.format(len(_added) + 1))
    _added[added.path] = added
    _split.cache_clear()
    return added


def forget_added_fonts() -> None:
    """Keep only the shipped fonts."""
    _added.clear()
    _split.cache_clear()


def added_fonts() -> tuple[Font, ...]:
    """The fonts added to the shipped ones, in the order they were added."""
    return tuple(_added.values())


def known_fonts() -> dict[str, Font]:
    """All fonts by family name, added ones first; an added font replaces a shipped namesake."""
    added = {font.family: font for font in _added.values()}
    return added | {name: font for name, font in shipped_fonts().items() if name not in added}


def font(family: str) -> Font:
    """The font of that family, or in the file at that absolute path, which is added if it is new:
    so a worker finds it, too. Raises CaptionError for an unknown family, and as `add_font` does."""
    if Path(family).is_absolute():
        return _added.get(Path(family)) or add_font(Path(family))
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
    added = [font.family for font in _added.values()]
    names = dict.fromkeys([family, *added, *(name for name in FALLBACKS if name in fonts)])
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


def lacking(texts: Iterable[str], family: str) -> str:
    """The letters and digits of `texts` that `family` does not have, in order, each once."""
    letters = dict.fromkeys(c for text in texts for c in text if c.isalnum())
    characters = font(family).characters
    return "".join(c for c in letters if ord(c) not in characters)


def text_width(text: str, family: str, size: float) -> float:
    """Width of `text` in pixels with an em of `size` pixels, across all its fonts."""
    return sum(font.width(run, size) for font, run in split_by_font(text, family))


def ink_extent(text: str, family: str, size: float) -> tuple[float, float]:
    """Pixels that `text`, with an em of `size` pixels, reaches above and below its baseline."""
    above = below = 0.0
    for run_font, run in split_by_font(text, family):
        if run_font is not EMOJI:
            top, bottom = vertical_extent(run_font.path, run)
            above = max(above, top * size / run_font.em)
            below = max(below, -bottom * size / run_font.em)
    return above, below


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
