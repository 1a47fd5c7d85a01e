"""How well two colors can be told from each other."""

from __future__ import annotations

BLACK, WHITE = "#1A1512", "#FFFFFF"
# The lowest contrast of large text (WCAG 2.2, 1.4.3).
MIN_CONTRAST = 3.0


def contrast(one: str, other: str) -> float:
    """The contrast of two colors #RRGGBB, from 1 (equal) to 21, as WCAG 2.2 defines it.

    The opacity of #RRGGBBAA is not counted.

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def most_readable(beside: str, wanted: str) -> str:
    """The color `wanted` if it can be read beside another color, or else black or white.

    >>> most_readable("#FFFFFF", "#FFD23F")
    '#1A1512'
    """
    if contrast(beside, wanted) >= MIN_CONTRAST:
        return wanted
    return max((BLACK, WHITE), key=lambda color: contrast(beside, color))


def light_and_dark(one: str, other: str) -> tuple[str, str]:
    """Two colors, the lighter one first."""
    return (one, other) if _luminance(one) >= _luminance(other) else (other, one)


def _luminance(color: str) -> float:
    """The relative luminance, 0 to 1."""
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
