"""Text to lines: broken where a reader would, balanced, and made smaller until it fits."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from btsclip.captions.fonts import font, split_by_font, text_width
from btsclip.captions.safezones import safe_box
from btsclip.errors import CaptionError
from btsclip.plan.model import Caption
from btsclip.presets.schema import Preset, TextStyle

MOST_LINES = 3
# A text is set smaller in these steps, down to the last, before it is refused.
SHRINK = (1.0, 0.92, 0.85, 0.78, 0.7)
# Line height, and the baseline's place in it, in ems: room for stacked accents above.
LEADING, BASELINE = 1.25, 0.97

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Block:
    """A caption ready to draw: lines, the em in pixels and the box it stands in.

    `x`, `y` are the block's top middle in pixels; `width`, `height` its size with outline. Lines
    stand `leading` pixels apart, the first one's baseline is `baseline` below the top.
    """

    caption: Caption
    style: TextStyle
    lines: tuple[str, ...]
    size: float
    x: float
    y: float
    width: float
    height: float
    leading: float
    baseline: float


def lay_out(caption: Caption, preset: Preset) -> Block:
    """Sets `caption` in its role's style inside the safe box.

    Raises CaptionError when it does not fit even in the smallest size.
    """
    style = style_of(caption, preset)
    output = preset.output
    left, top, right, bottom = safe_box(output)
    text = " ".join(caption.text.split())
    if style.upper:
        text = text.upper()
    # All of the text at once, so that an error shows and names all of it.
    split_by_font(text, style.font)
    margin = (style.outline_width + style.shadow) * output.height + _padding(style, preset)
    room = right - left - 2 * margin
    for shrink in SHRINK:
        size = style.size * output.height * shrink
        lines = wrap(text, room, partial(text_width, family=style.font, size=size))
        if lines and len(lines) <= MOST_LINES:
            widest = max(text_width(line, style.font, size) for line in lines)
            leading, baseline = _line_metrics(style, size)
            height = len(lines) * leading + 2 * margin
            y = {"top": top, "middle": (top + bottom - height) / 2, "bottom": bottom - height}
            return Block(
                caption, style, lines, size, (left + right) / 2, y[style.place],
                widest + 2 * margin, height, leading, margin + baseline,
            )  # fmt: skip
    raise CaptionError(
        f"caption {caption.text!r}",
        f"is too long for {MOST_LINES} lines inside the safe box",
        "shorten it or choose a smaller size in the preset",
    )


def _line_metrics(style: TextStyle, size: float) -> tuple[float, float]:
    """Line height and the baseline's place in it, in pixels; libass draws boxes as high as the
    font's own ascent and descent."""
    if style.box is None:
        return LEADING * size, BASELINE * size
    metrics = font(style.font)
    return metrics.ass_size(size), metrics.ascent / metrics.em * size


def check_text(text: str, preset: Preset) -> None:
    """Raises CaptionError when `text` can't be drawn as a hook: before hours of analysis."""
    lay_out(Caption(text=text, start=0, end=1, role="hook"), preset)


def style_of(caption: Caption, preset: Preset) -> TextStyle:
    """The preset's style for the caption's role."""
    captions = preset.captions
    return captions.hook_style if caption.role == "hook" else captions.moment_style


def wrap(text: str, room: float, measure: Measure) -> tuple[str, ...]:
    """`text` in the fewest lines that `room` pixels allow, as even as they can be.

    The joined lines are the text again, up to white space. Empty when there is nothing to set.
    """
    words = [piece for word in breakable(text) for piece in _fit(word, room, measure)]
    if not words:
        return ()
    greedy = _fill(words, room, measure)
    # The narrowest column with as few lines is the most even one.
    low, high = room / max(1, len(greedy)) * 0.5, room
    for _ in range(12):
        middle = (low + high) / 2
        if _fits(words, middle, measure, len(greedy)):
            high = middle
        else:
            low = middle
    return tuple(_fill(words, high, measure))


def breakable(text: str) -> list[str]:
    """Pieces between which a line may break; each keeps the blank that ends it.

    Between blanks, and between characters of scripts that are written without them.
    """
    pieces: list[str] = []
    for word in re.findall(r"\S+\s*", text):
        start = 0
        for i in range(1, len(word)):
            if _is_wide(word[i - 1]) and _is_wide(word[i]):
                pieces.append(word[start:i])
                start = i
        pieces.append(word[start:])
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) == "W" and character.isalnum()


def _fit(word: str, room: float, measure: Measure) -> list[str]:
    """`word`, cut between characters where it alone is wider than a line."""
    if measure(word.rstrip()) <= room:
        return [word]
    parts = [""]
    for cluster in _clusters(word):
        if parts[-1] and measure((parts[-1] + cluster).rstrip()) > room:
            parts.append("")
        parts[-1] += cluster
    return parts


def _clusters(word: str) -> list[str]:
    """Characters with the marks and joiners that belong to them."""
    found: list[str] = []
    for character in word:
        joins = unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        if found and (joins or found[-1].endswith("\u200d")):
            found[-1] += character
        else:
            found.append(character)
    return found


def _fill(words: list[str], room: float, measure: Measure) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and measure((lines[-1] + word).rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word
    lines[-1] = lines[-1].rstrip()
    return lines


def _fits(words: list[str], room: float, measure: Measure, lines: int) -> bool:
    if any(measure(word.rstrip()) > room for word in words):
        return False
    return len(_fill(words, room, measure)) <= lines


def _padding(style: TextStyle, preset: Preset) -> float:
    """Pixels between the text and the edge of its box, if it has one."""
    return math.ceil(0.012 * preset.output.height) if style.box else 0.0
